"""The exit statuses of a run, apart from those of user errors (docs/commands.md lists all)."""

from typing import Final

OK: Final = 0
FAILED: Final = 1
UNFINISHED: Final = 3
INTERRUPTED: Final = 130
