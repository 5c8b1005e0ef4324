"""When each image was reviewed and by whom, kept in a small hidden file beside the label file: one line per review.

The list of reviewed images decides whether an image counts as reviewed; this file only orders the last reviews.
"""

import contextlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import read_text
from lap_gui.review.eta import Pace

_LOOKED_AT: Final = 500
"""How many of the last lines determine a reviewer's pace."""


@dataclass(frozen=True, slots=True)
class PastReview:
    """A review of an image; by whom ("" if unknown) and when (None if unknown)."""

    name: str
    reviewer: str = ""
    moment: datetime | None = None


class PastReviews:
    """The reviews of one label file. `reviewer`: the author of new ones. `pace`: of that reviewer."""

    def __init__(self, labels: Path, reviewer: str, *, readonly: bool = False) -> None:
        self.reviewer = reviewer
        self._path, self._readonly = labels.with_name(f".{labels.name}.reviews.jsonl"), readonly

    @cached_property
    def pace(self) -> Pace:
        """This reviewer's pace, from the last lines."""
        found = (_review(line) for line in self._lines()[-_LOOKED_AT:])
        mine = (review.moment for review in found if review is not None and review.reviewer == self.reviewer)
        return Pace(sorted(moment.timestamp() for moment in mine if moment is not None))

    def add(self, name: str) -> None:
        """Record a review by this reviewer. A full disk is not an error here."""
        self.pace.decided()
        if not self._readonly:
            line = {"name": name, "reviewer": self.reviewer, "time": datetime.now(UTC).isoformat(timespec="seconds")}
            with contextlib.suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def newest_first(self) -> list[PastReview]:
        """Return the last review of each image. Invalid lines are skipped; an unreadable file counts as empty."""
        last: dict[str, PastReview] = {}
        for line in reversed(self._lines()):
            if (review := _review(line)) is not None:
                last.setdefault(review.name, review)
        return list(last.values())

    def _lines(self) -> list[str]:
        try:
            return read_text(self._path).split("\n")
        except (OSError, FileError, InputError):
            return []


def _review(line: str) -> PastReview | None:
    try:
        read = parse_json(line)
    except InputError:
        return None
    match read:
        case {"name": str(name), "reviewer": str(reviewer), "time": str(time)}:
            moment = _moment(time)
            return PastReview(name, reviewer, moment) if moment is not None else None
    return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):  # the last two: a year out of range
        return None
