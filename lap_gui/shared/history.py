"""Unlimited undo and redo of steps, whatever a step is. No knowledge of what steps do."""

from collections.abc import Sequence
from typing import Generic, TypeVar

Step = TypeVar("Step")


class History(Generic[Step]):
    """Steps that were done, and those that were undone and may be done again."""

    def __init__(self, done: Sequence[Step] = ()) -> None:
        self._done: list[Step] = list(done)
        self._undone: list[Step] = []

    def push(self, step: Step) -> None:
        """A step was done; what was undone before can no longer be redone."""
        self._done.append(step)
        self._undone.clear()

    def undo(self) -> Step | None:
        """The last step, for the caller to reverse; None where there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """The step undone last, for the caller to do again; None where there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    @property
    def done(self) -> Sequence[Step]:
        """All that counts now, oldest first."""
        return tuple(self._done)

    @property
    def undoable(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    @property
    def redoable(self) -> int:
        """How many steps can be redone."""
        return len(self._undone)
