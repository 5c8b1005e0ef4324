"""Short ways to make posters, pairs and verdicts, for tests of the Comparer and the Explorer."""

import hashlib
from pathlib import Path

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import Mark, PairVerdict, Verdict
from lap_gui.review.pair_rows import Pair

NAMES = tuple(f"MAL{anime:05d}_0001_{number:06d}.jpg" for anime in (1, 2) for number in range(1, 5))


def sha(word: str) -> str:
    """Return a sha256 for a word."""
    return hashlib.sha256(word.encode()).hexdigest()


def poster(name: str) -> Poster:
    """Return a poster whose content is its name."""
    return Poster(name, sha(name))


def pair(one: int, other: int) -> Pair:
    """Return a pair of two of `NAMES`."""
    return Pair(poster(NAMES[one]), poster(NAMES[other]), (("ahash", 4.0),), "ahash", 4.0)


def word(one: int, other: int, verdict: Verdict, removed: int | None = None, reviewer: str = "ann") -> PairVerdict:
    """Return a verdict on two of `NAMES`."""
    first, second = poster(NAMES[one]), poster(NAMES[other])
    return PairVerdict(
        reviewer=reviewer, first=first.name, first_sha256=first.sha256, second=second.name,
        second_sha256=second.sha256, verdict=verdict, removed=None if removed is None else NAMES[removed],
    )  # fmt: skip


def mark(one: int, reviewer: str = "ann") -> Mark:
    """Return a mark on one of `NAMES`."""
    return Mark(reviewer=reviewer, name=NAMES[one], sha256=sha(NAMES[one]), tool="explorer")


def candidate_csv(path: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    """Write a list with the columns that the tools read: (first, second, their sha256) in each row."""
    head = "first,second,first_sha256,second_sha256,ahash,phash,dhash,cosine,rule,measure,distance,likely,state,via\n"
    lines = [f"{one},{other},{a},{b},4,6,13,0.0413,near_ahash,ahash,4.0,true,,\n" for one, other, a, b in rows]
    path.write_text(head + "".join(lines))
    return path
