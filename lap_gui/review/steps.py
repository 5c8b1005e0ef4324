"""Steps for undo and redo: lines that a reviewer wrote together, and their times. No files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lap_assets.core.verdicts.lines import Line, TakeBack


@dataclass(frozen=True, slots=True)
class Step:
    """Lines that this reviewer wrote together; `backs`: the lines that take them back while the step is undone."""

    lines: tuple[Line, ...]
    backs: tuple[TakeBack, ...] = ()


def steps_of(lines: Iterable[Line]) -> list[Step]:
    """Return one step per line, but one per batch for lines of a batch."""
    by_batch: dict[str, list[Line]] = {}
    for line in lines:
        by_batch.setdefault(getattr(line, "batch", None) or line.id, []).append(line)
    return [Step(tuple(together)) for together in by_batch.values()]


def not_before(line: Line, latest: datetime | None) -> Line:
    """Return the line with a time later than all lines before it, in any log; the clock may have been set back."""
    if latest is None or line.moment > latest:
        return line
    moved = (latest + timedelta(microseconds=1)).astimezone(UTC)
    return replace(line, time=moved.isoformat(timespec="microseconds"))
