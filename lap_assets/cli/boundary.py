"""How a command ends: exit statuses, one line for an error that the user can fix, a traceback for a bug.

- A `LapError` prints one line (a `LabelFileError`: one line per fault); its class defines the exit status.
- An `OSError` about a file, or a full disk, prints one line; exit status 2.
- A damaged or locked database of the home prints one line that names it; exit status 2.
- A missing package that belongs to an extra prints one line that names the extra; exit status 2.
- Invalid arguments are reported by typer; exit status 2.
- Ctrl-C: exit status 130.
- Anything else is a bug: traceback, a line that asks to report it, exit status 70 (`EX_SOFTWARE` of sysexits.h).

With `LAP_DEBUG=1` every error prints its traceback first, and log lines go to standard error. A bug in a step of the
graph ends that step, not the command: its line says `unexpected error` and names the worker's log file, which holds the
traceback, as do the run's events in the UI. With `LAP_DEBUG=1` the traceback goes to standard error, not to the file.
"""

import errno
import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

from lap_assets.cli.extras import advice
from lap_assets.cli.first_process import run_below_first_process
from lap_assets.core.databases import state_error
from lap_assets.core.errors import LapError, is_debugging
from lap_assets.core.garbage import collect_seldom
from lap_assets.core.home import home_from_environment
from lap_assets.core.plain_text import printable

FAULT: Final = 2
BUG: Final = 70
INTERRUPTED: Final = 130
_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


def main(command: Callable[[], object] | None = None) -> None:
    """Run `lap`, or another `command`, and end the process with the exit status unless it is 0."""
    collect_seldom()
    run_below_first_process()
    if is_debugging():
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        (command or _lap())()
    except LapError as error:
        _end(error.lines, error.exit_status)
    except OSError as error:
        if error.filename is None and error.errno not in _NO_ROOM:
            _end_as_bug()
        where = f"{error.filename}: " if error.filename is not None else ""
        _end([f"{where}{error.strerror or error}"], FAULT)
    except ModuleNotFoundError as error:
        if (line := advice(error)) is None:
            _end_as_bug()
        _end([line], FAULT)
    except KeyboardInterrupt:
        _end(["stopped at once; all finished work is kept"], INTERRUPTED)
    except Exception as error:  # the outermost handler: every remaining error is reported and ends the process
        if (database_error := state_error(error, home_from_environment().databases)) is not None:
            _end(database_error.lines, database_error.exit_status)
        _end_as_bug()


def _lap() -> Callable[[], object]:
    from lap_assets.cli.app import app

    return app


def _end(lines: Sequence[str], status: int) -> NoReturn:
    if is_debugging():
        traceback.print_exc()
    for line in lines:
        print(f"lap: {printable(line)}", file=sys.stderr)
    sys.exit(status)


def _end_as_bug() -> NoReturn:
    from lap_assets import __version__

    if not is_debugging():
        traceback.print_exc()
    _end([f"this is a bug in LAP {__version__}: please report it with the lines above"], BUG)
