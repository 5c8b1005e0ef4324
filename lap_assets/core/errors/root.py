"""The root of all errors, and those about arguments, settings and the machine. The tree is in the package."""

import os
from collections.abc import Sequence
from typing import ClassVar


class LapError(Exception):
    """The root of all errors. The message is one line: what is wrong, where, and what to do."""

    exit_status: ClassVar[int] = 2

    @property
    def lines(self) -> tuple[str, ...]:
        """The message for a terminal, one line per problem."""
        return (" ".join(str(self).split()),)


class InputError(LapError, ValueError):
    """An invalid argument; the message names it and the expected value."""


class NameInvalid(InputError):
    """A file name that does not follow the pattern of posters' names."""


class BoxInvalid(InputError):
    """Invalid corners, class or score of a box."""


class SettingsError(LapError, ValueError):
    """Invalid settings. `problems`: one line each, which names the variable and the expected value."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems, one line each."""
        return tuple(" ".join(problem.split()) for problem in self.problems)


class RulesError(SettingsError):
    """An invalid table of rules for duplicates; the message names the rule and field."""


class PluginError(LapError):
    """A model from another package cannot be used; the message names the package's entry point."""


class NotReady(LapError):
    """A run cannot begin. `problems`: every unmet requirement, one line each, with what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems, one line each, and a note that nothing was started."""
        return (*self.problems, "nothing was started")


class LockHeld(LapError, RuntimeError):
    """Another process holds the lock; the message says which."""


class DiskFull(LapError, OSError):
    """The home's disk is full."""


class NoWindow(LapError, OSError, RuntimeError):
    """There is no display, no Tk, or no Pillow; the message says which, and what to do."""


class Stopped(LapError, RuntimeError):
    """The user asked to stop; finished work is kept."""

    exit_status = 130


def is_debugging() -> bool:
    """Return whether `LAP_DEBUG` asks for tracebacks and log lines."""
    return os.environ.get("LAP_DEBUG", "") not in ("", "0")
