"""What the command lines of Comparer and Explorer share: arguments, and errors in one line. Standard library alone."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lap_assets.core.errors import InputError, LapError, RulesError
from lap_assets.core.json_text import parse_json
from lap_assets.core.plain_text import printable


def parser(tool: str, what: str) -> argparse.ArgumentParser:
    """The arguments that both tools take; the caller adds its own."""
    made = argparse.ArgumentParser(prog=f"python -m lap_gui.{tool}", description=what)
    made.add_argument("--verdicts", type=Path, metavar="F", help="file (or folder of logs) in which to save verdicts")
    made.add_argument("--reviewer", metavar="NAME", help="the reviewer's name; your login name by default")
    made.add_argument("--readonly", action="store_true", help="look only; nothing is saved")
    made.add_argument(
        "--ignore-marks",
        action="store_true",
        help='marks remove nothing: for a home whose LAP_RULES has {"marks": null}',
    )
    return made


def marks_act(given: argparse.Namespace, environment: Mapping[str, str]) -> bool:
    """Whether marks remove posters: unless --ignore-marks is given, or LAP_RULES takes the rule for marks away.

    Raises:
        RulesError: LAP_RULES is not JSON.
    """
    text = environment.get("LAP_RULES", "")
    try:
        rules = parse_json(text) if text else {}
    except InputError as error:
        raise RulesError(f"LAP_RULES: {error}") from None
    without = isinstance(rules, dict) and "marks" in rules and rules["marks"] is None
    return not (given.ignore_marks or without)


def exit_status(work: Callable[[], None]) -> int:
    """Runs a tool. An error that the user can mend is printed as one line; anything else is a bug and is raised."""
    try:
        work()
    except LapError as error:
        for line in error.lines:
            print(f"lap: {printable(line)}", file=sys.stderr)
        return error.exit_status
    except OSError as error:  # a file of the user that cannot be read or written
        print(f"lap: {printable(' '.join(str(error).split()))}", file=sys.stderr)
        return 2
    return 0
