"""Errors about files that cannot be used; each message names the file, what is wrong, and what to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.core.errors.root import LapError

_SHOWN: Final = 20


class FileError(LapError, ValueError):
    """A file that cannot be used; the message names it, what is wrong, and what to do."""


class PictureError(FileError):
    """A picture that is incomplete, of an unknown kind, or over a limit; the message names the setting."""

    def __init__(self, what: str, path: Path | None = None) -> None:
        self.problem, self.path = what, path
        super().__init__(what if path is None else f"{path}: {what}")


class LabelFileError(FileError):
    """Label files that cannot be used. `faults`: one line each, `file:line: what is wrong`."""

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults = (faults,) if isinstance(faults, str) else tuple(faults)
        more = f"; and {len(self.faults) - _SHOWN} more" if len(self.faults) > _SHOWN else ""
        super().__init__("; ".join(self.faults[:_SHOWN]) + more)

    @property
    def lines(self) -> tuple[str, ...]:
        """The faults, one line each."""
        return self.faults


class NotSaved(LabelFileError, OSError):
    """A label file cannot be replaced because the existing one is unreadable; the edit log holds the work."""


class VerdictLineError(FileError):
    """A line of a verdict log that is not a verdict; the message says what is wrong with it."""


class TableError(FileError):
    """A table with missing columns or invalid values."""


class StateError(FileError):
    """A database of the home that is damaged, locked or unusable; the message names the file."""


class WeightsError(FileError):
    """Weights that do not fit the model; the message names the first wrong entry."""


class CfgError(WeightsError):
    """A description of a Darknet network that cannot be used; the message names the section."""
