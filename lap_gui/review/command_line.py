"""Shared command line of Comparer and Explorer: arguments, and errors in one line. Standard library only."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from lap_assets.core.errors import InputError, LapError, RulesError
from lap_assets.core.json_text import parse_json
from lap_assets.core.plain_text import printable


def parser(tool: str, what: str) -> argparse.ArgumentParser:
    """Return a parser with the arguments that both tools take; the caller adds its own."""
    arguments = argparse.ArgumentParser(prog=f"python -m lap_gui.{tool}", description=what)
    arguments.add_argument("--verdicts", type=Path, metavar="F", help="file, or folder of logs, for verdicts")
    arguments.add_argument("--reviewer", metavar="NAME", help="the reviewer's name (default: your login name)")
    arguments.add_argument("--readonly", action="store_true", help="look only; nothing is saved")
    arguments.add_argument(
        "--ignore-marks",
        action="store_true",
        help='marks remove nothing: for a home whose LAP_RULES has {"marks": null}',
    )
    return arguments


def marks_act(given: argparse.Namespace, environment: Mapping[str, str]) -> bool:
    """Return whether marks remove posters: not with --ignore-marks, nor if LAP_RULES removes the rule for marks.

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
    """Run a tool and return its exit status. Errors that the user can fix are printed as one line; bugs are raised."""
    try:
        work()
    except LapError as error:
        for line in error.lines:
            print(f"lap: {printable(line)}", file=sys.stderr)
        return error.exit_status
    except OSError as error:  # a user's file that cannot be read or written
        print(f"lap: {printable(' '.join(str(error).split()))}", file=sys.stderr)
        return 2
    return 0
