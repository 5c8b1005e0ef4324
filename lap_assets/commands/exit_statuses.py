"""The exit statuses of a run that no error of the user ended (docs/commands.md lists them all)."""

from typing import Final

OK: Final = 0
FAILED: Final = 1
UNFINISHED: Final = 3
INTERRUPTED: Final = 130
