"""A target of the fuzzer: a reader, and its initial inputs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from tempfile import mkdtemp


class RefusedInput(Exception):
    """The reader refused the input, as it may."""


@dataclass(frozen=True)
class Target:
    """A reader, and a function for its initial inputs."""

    read: Callable[[bytes], None]
    make: Callable[[], Sequence[bytes]]

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        """The initial inputs, created when first needed, because some need torch."""
        return self.make()


_made: list[str] = []


def scratch_folder() -> str:
    if not _made:
        _made.append(mkdtemp(prefix="lap-fuzz-"))
    return _made[0]
