"""Random numbers that depend only on names: equal parts give equal numbers in every process and any order.

Functions from parts (seed, ids, words) to a seed, a generator or one number belong here; decisions are elsewhere.
"""

import random
from hashlib import blake2b

Part = int | str


def seed_of(*parts: Part) -> int:
    """Return a 64-bit seed for `parts` (their order matters; 1 and "1" differ)."""
    text = "\x1f".join(f"{type(part).__name__[0]}{part}" for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def generator(*parts: Part) -> random.Random:
    """Return a new generator seeded with `parts`."""
    return random.Random(seed_of(*parts))  # noqa: S311  # pictures, not secrets


def chance(*parts: Part) -> float:
    """Return one number in [0, 1) for `parts`, without creating a generator."""
    return (seed_of(*parts) >> 11) / (1 << 53)
