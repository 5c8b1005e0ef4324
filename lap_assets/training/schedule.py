"""Learning rate: rise, plateau, fall; the beginning does not depend on the length of the run."""

from typing import Final

EVERY: Final = 100  # steps between checkpoints
_UP: Final = 200  # steps
_DOWN: Final = 0.3  # share of all steps


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Return the rate of a step (counted from 0) in a run of `steps`."""
    return peak * min(1.0, (step + 1) / _UP, (steps - step) / max(1.0, _DOWN * steps))
