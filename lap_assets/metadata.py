"""Keys of materialization metadata that LAP reads back, and functions that build their values."""

from collections.abc import Sequence
from typing import Final

import dagster as dg

UNFINISHED: Final = "lap/unfinished"
"""Why a scrape ended before everything was read. The next `lap run` resumes it."""
PARTIAL: Final = "lap/partial"
"""Which scrapes were unfinished when a release was made."""

CLASSES_PART: Final = "-classes-"
"""The separator before the last part of a code version, a digest of the classes that people named."""

AWAITING: Final = "awaiting review"
"""The number of a subfolder's pairs that a person still has to decide."""


def unfinished(stopped: str | None, pending: int = 0) -> dict[str, dg.MetadataValue]:
    """Return metadata of an unfinished scrape: why it stopped, or how many pages failed; else empty."""
    reason = unfinished_reason(stopped, pending)
    return {} if reason is None else {UNFINISHED: dg.MetadataValue.text(reason)}


def partial(scrapes: Sequence[str]) -> dict[str, dg.MetadataValue]:
    """Return metadata of a release made while these scrapes were unfinished; empty if there are none."""
    return {PARTIAL: dg.MetadataValue.text(", ".join(scrapes))} if scrapes else {}


def unfinished_reason(stopped: str | None, pending: int = 0) -> str | None:
    """Return why a scrape is unfinished, in words; None if it is finished."""
    if stopped is None and not pending:
        return None
    return stopped or f"{pending} pages could not be read; they will be tried again"
