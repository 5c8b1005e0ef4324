"""What the tools' own command lines share: arguments for reviewers, and errors in one line. Standard library alone."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path


def parser(tool: str, what: str) -> argparse.ArgumentParser:
    """Arguments that both tools take; the caller adds its own."""
    made = argparse.ArgumentParser(prog=f"python -m lap_gui.{tool}", description=what)
    made.add_argument("--verdicts", type=Path, metavar="F", help="the file (or folder of logs) that verdicts go to")
    made.add_argument("--reviewer", metavar="NAME", help="whose verdicts they are; your login name if not given")
    made.add_argument("--readonly", action="store_true", help="look only: nothing is written")
    return made


def told(work: Callable[[], None]) -> int:
    """Runs the tool; an error that a person can mend is one line, and the exit status 2."""
    try:
        work()
    except (ValueError, OSError) as error:
        print(f"lap: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0
