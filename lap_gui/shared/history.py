"""Unlimited undo and redo of steps of any type. It does not know what steps do."""

from collections.abc import Sequence
from typing import Generic, TypeVar

Step = TypeVar("Step")


class History(Generic[Step]):
    """The steps that were done, and the undone ones that can be redone."""

    def __init__(self, done: Sequence[Step] = ()) -> None:
        self._done: list[Step] = list(done)
        self._undone: list[Step] = []

    def push(self, step: Step) -> None:
        """Add a step; steps undone before can no longer be redone."""
        self._done.append(step)
        self._undone.clear()

    def undo(self) -> Step | None:
        """Return the last step for the caller to reverse; None if there is none."""
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Step | None:
        """Return the step undone last for the caller to repeat; None if there is none."""
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    @property
    def done(self) -> Sequence[Step]:
        """All active steps, oldest first."""
        return tuple(self._done)

    @property
    def undoable(self) -> int:
        """The number of steps that can be undone."""
        return len(self._done)

    @property
    def redoable(self) -> int:
        """The number of steps that can be redone."""
        return len(self._undone)
