"""The learning rate: up, level, down; so a longer run shares its beginning with a shorter one."""

from typing import Final

EVERY: Final = 100  # steps between checkpoints
_UP: Final = 200  # steps
_DOWN: Final = 0.3  # of all steps


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Return the rate of this step (counted from 0) of so many."""
    return peak * min(1.0, (step + 1) / _UP, (steps - step) / max(1.0, _DOWN * steps))
