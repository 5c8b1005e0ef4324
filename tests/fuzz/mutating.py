"""Mutations of seeds: flipped bits, removed, doubled, swapped and mixed pieces, huge numbers, words of the format."""

import random
from collections.abc import Callable, Sequence
from typing import Final

_WORDS: Final = (
    b"", b"\0", b"\xff\xfe", b"9" * 30, b"-1", b"1e999", b"NaN", b"../..", b"\n", b"\r", b"<", b"</html>", b"&#0;",
    b"{", b"[" * 50, b'"', b"\\", b"\xc2\xa0", b"\xd9\xa1", b"%00", b": -", b"#", b"=", b"<table>" * 30,
)  # fmt: skip


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return one of the seeds, changed once or several times."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        chance.choice(_CHANGES)(data, chance, seeds)
    return bytes(data[: 1 << 16])


def _flip(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = chance.randint(0, len(data))
    del data[start : start + chance.choice((1, 4, 40, len(data)))]


def _double(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = chance.randint(0, len(data))
    data[start:start] = data[start : start + chance.choice((1, 8, 100))]


def _word(data: bytearray, chance: random.Random, _: Sequence[bytes]) -> None:
    start = chance.randint(0, len(data))
    data[start : start + chance.choice((0, 1, 3))] = chance.choice(_WORDS)


def _mix(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    data[chance.randint(0, len(data)) :] = other[chance.randint(0, len(other)) :]


_CHANGES: Final[tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...]] = (
    _flip, _flip, _cut, _double, _word, _word, _mix,
)  # fmt: skip
