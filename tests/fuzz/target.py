"""A target of the fuzzer: a reader, and what makes the inputs to begin from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from tempfile import mkdtemp


class RefusedInput(Exception):
    """The reader refused the input, as it may."""


@dataclass(frozen=True)
class Target:
    """A reader, and what makes the inputs to begin from."""

    read: Callable[[bytes], None]
    make: Callable[[], Sequence[bytes]]

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        """The inputs to begin from, made when they are first needed: some take torch."""
        return self.make()


_made: list[str] = []


def scratch_folder() -> str:
    if not _made:
        _made.append(mkdtemp(prefix="lap-fuzz-"))
    return _made[0]
