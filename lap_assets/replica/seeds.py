"""Chance that depends on names alone: the same parts give the same numbers in every process, in any order of asking.

Belongs here: turning parts (seed, ids, words) into a seed, a generator or one number. What is decided with them is
elsewhere.
"""

import random
from hashlib import blake2b

Part = int | str


def seed_of(*parts: Part) -> int:
    """Return a 64-bit seed made of `parts` (their order counts; 1 and "1" differ)."""
    text = "\x1f".join(f"{type(part).__name__[0]}{part}" for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def generator(*parts: Part) -> random.Random:
    """Return a generator of its own for `parts`."""
    return random.Random(seed_of(*parts))  # noqa: S311  # pictures, not secrets


def chance(*parts: Part) -> float:
    """One number in [0, 1) for `parts`, where a whole generator is not needed."""
    return (seed_of(*parts) >> 11) / (1 << 53)
