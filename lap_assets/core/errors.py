"""Every error that LAP raises on purpose. Anything else is a bug, and shows its traceback.

LapError
├── InputError                  an argument that cannot be used
│   ├── NameInvalid             a file name that is not a poster's
│   └── BoxInvalid              corners, class or score that make no box
├── SettingsError               a LAP_* variable that cannot be used
│   └── RulesError              LAP_RULES
├── FileError                   a file that cannot be used
│   ├── PictureError            a picture that cannot be opened within the limits
│   ├── LabelFileError          a label file, or several faults in label files
│   │   └── NotSaved            a label file that cannot be replaced
│   ├── VerdictLineError        a line of a verdict log
│   ├── TableError              a table that lacks a column, or holds what it cannot
│   ├── StateError              a database of the home
│   └── WeightsError            a file of model weights
│       └── CfgError            the description of a Darknet network
├── PluginError                 another package's model that cannot be used
├── NotReady                    a run lacks weights, settings, a device or room before it begins
├── LockHeld                    another process works on the home
├── DiskFull                    the home's disk has no room
├── NoWindow                    no display, Tk or Pillow for a review tool
├── Stopped                     the user asked to stop
├── ScrapeStopped               a scrape ended early; the next run resumes it
│   ├── SiteBlocked             the site refuses us or is down
│   ├── BudgetSpent             the run's requests or minutes are used up
│   ├── ScrapeInterrupted       the user asked to stop
│   ├── Disallowed              robots.txt forbids an address
│   ├── Refused                 an API does not accept the client id
│   └── NothingListens          no replica, or no proxy, at an address of this machine
└── PageFailed                  one address could not be read, after several attempts
    └── AddressWaits            it failed before, and is not asked for yet

`exit_status` is what a command ends with. The builtin bases stay for callers that catch them.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

_SHOWN: Final = 20


def moment(seconds: float) -> str:
    """A time (Unix seconds) as people here write it, to the second."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


class LapError(Exception):
    """The root. Its message is one line: what is wrong, where, and what to do."""

    exit_status: ClassVar[int] = 2

    @property
    def lines(self) -> tuple[str, ...]:
        """The message for a terminal, one problem a line."""
        return (" ".join(str(self).split()),)


class InputError(LapError, ValueError):
    """An argument that cannot be used; the message names it and what is expected."""


class NameInvalid(InputError):
    """A file name that does not follow the pattern of posters' names."""


class BoxInvalid(InputError):
    """Corners, a class or a score that make no box."""


class SettingsError(LapError, ValueError):
    """Settings that cannot be used: `problems`, one line each, which names the variable and what it takes."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))

    @property
    def lines(self) -> tuple[str, ...]:
        """Every problem."""
        return tuple(" ".join(problem.split()) for problem in self.problems)


class RulesError(SettingsError):
    """A table of rules for duplicates that cannot be used; the message names the rule and field."""


class FileError(LapError, ValueError):
    """A file that cannot be used; the message names it, what is wrong, and what to do."""


class PictureError(FileError):
    """A picture that is not whole, of an unknown kind, or over a limit; the message names the setting."""

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
        """Every fault."""
        return self.faults


class NotSaved(LabelFileError, OSError):
    """A label file cannot be replaced, since what lies there now cannot be read; the journal holds the work."""


class VerdictLineError(FileError):
    """A line of a verdict log that is not a verdict; the message says what is wrong with it."""


class TableError(FileError):
    """A table that lacks a column, or holds values that it cannot."""


class StateError(FileError):
    """A database of the home that is damaged, locked or cannot be used; the message names the file."""


class WeightsError(FileError):
    """Weights that do not fit the model; the message names the first entry that is wrong."""


class CfgError(WeightsError):
    """A description of a Darknet network that cannot be used; the message names the section."""


class PluginError(LapError):
    """A model that another package adds cannot be used; the message names the package's entry point."""


class NotReady(LapError):
    """A run cannot begin; `problems` are all that it lacks, one line each, with what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))

    @property
    def lines(self) -> tuple[str, ...]:
        """Every problem, and that nothing was started."""
        return (*self.problems, "nothing was started")


class LockHeld(LapError, RuntimeError):
    """Another process holds the lock; the message says which."""


class DiskFull(LapError, OSError):
    """The home's disk has no room left."""


class NoWindow(LapError, OSError, RuntimeError):
    """There is no display, no Tk, or no Pillow; the message says which, and what to do."""


class Stopped(LapError, RuntimeError):
    """The work was asked to stop; what is done is kept."""

    exit_status = 130


class ScrapeStopped(LapError):
    """The scrape ends here; what it has is kept, and the next run resumes it."""

    exit_status = 3


class SiteBlocked(ScrapeStopped):
    """The site refuses us or is down; no request may be made before `retry_at` (Unix seconds)."""

    def __init__(self, site: str, reason: str, retry_at: float) -> None:
        self.site = site
        self.reason = reason
        self.retry_at = retry_at
        super().__init__(f"{site}: {reason}; try again after {moment(retry_at)}")


class BudgetSpent(ScrapeStopped):
    """The run's requests or minutes are used up."""


class ScrapeInterrupted(ScrapeStopped):
    """The user asked the run to stop."""

    exit_status = 130


class Disallowed(ScrapeStopped):
    """robots.txt forbids an address that the scrape needs."""


class Refused(ScrapeStopped):
    """An API does not accept the client id."""


class NothingListens(ScrapeStopped):
    """Nothing listens at an address of this machine (a replica's, a proxy's), or it has no network: no site's fault."""


class PageFailed(LapError):
    """One address could not be read, after several attempts; others may be."""


class AddressWaits(PageFailed):
    """An address that failed several times in a row is not asked for before `retry_at` (Unix seconds)."""

    def __init__(self, address: str, reason: str, tries: int, since: float, retry_at: float) -> None:
        self.address, self.reason, self.retry_at = address, reason, retry_at
        super().__init__(
            f"{address}: {reason}; failed {tries} times since {moment(since)}, tried again after {moment(retry_at)}"
        )


def is_debugging() -> bool:
    """Whether `LAP_DEBUG` asks for tracebacks and log lines."""
    return os.environ.get("LAP_DEBUG", "") not in ("", "0")
