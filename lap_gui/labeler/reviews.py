"""When each image was reviewed and by whom, kept in a small hidden file beside the label file: a line a review.

Whether an image counts as reviewed stands in its own list; nothing hangs on this file but the order of the last ones.
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
"""So many of the last lines tell a reviewer's pace."""


@dataclass(frozen=True, slots=True)
class PastReview:
    """An image that was reviewed; by whom ("" where that is not known) and when (None)."""

    name: str
    reviewer: str = ""
    moment: datetime | None = None


class PastReviews:
    """The reviews of one label file. `reviewer`: whose the new ones are. `pace`: of that reviewer."""

    def __init__(self, labels: Path, reviewer: str, *, readonly: bool = False) -> None:
        self.reviewer = reviewer
        self._path, self._readonly = labels.with_name(f".{labels.name}.reviews.jsonl"), readonly

    @cached_property
    def pace(self) -> Pace:
        """When this reviewer reviewed, as far as the last lines tell."""
        found = (_review(line) for line in self._lines()[-_LOOKED_AT:])
        mine = (review.moment for review in found if review is not None and review.reviewer == self.reviewer)
        return Pace(sorted(moment.timestamp() for moment in mine if moment is not None))

    def add(self, name: str) -> None:
        """This reviewer has just reviewed an image. A disk that is full is no error here."""
        self.pace.decided()
        if not self._readonly:
            line = {"name": name, "reviewer": self.reviewer, "time": datetime.now(UTC).isoformat(timespec="seconds")}
            with contextlib.suppress(OSError), self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def newest_first(self) -> list[PastReview]:
        """The last review of each image. Lines that are none are passed over; a file that cannot be read has none."""
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
    except (ValueError, OverflowError, OSError):  # the last ones: a year that no clock shows
        return None
