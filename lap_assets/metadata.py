"""Keys of materialization metadata that LAP reads back, and how their values are made."""

from collections.abc import Sequence
from typing import Final

import dagster as dg

UNFINISHED: Final = "lap/unfinished"
"""Why a scrape ended before everything was read. The next `lap run` resumes it."""
PARTIAL: Final = "lap/partial"
"""Which scrapes were unfinished when a release was made."""

CLASSES_PART: Final = "-classes-"
"""Before the last part of a code version, the digest of the classes that people named."""

AWAITING: Final = "awaiting review"
"""How many pairs of a subfolder a person has still to decide."""


def unfinished(stopped: str | None, pending: int = 0) -> dict[str, dg.MetadataValue]:
    """Metadata of a scrape with work left: why it stopped, or how many pages could not be read; else empty."""
    reason = unfinished_reason(stopped, pending)
    return {} if reason is None else {UNFINISHED: dg.MetadataValue.text(reason)}


def partial(scrapes: Sequence[str]) -> dict[str, dg.MetadataValue]:
    """Metadata of a release that was made while these scrapes were unfinished; else empty."""
    return {PARTIAL: dg.MetadataValue.text(", ".join(scrapes))} if scrapes else {}


def unfinished_reason(stopped: str | None, pending: int = 0) -> str | None:
    """Why a scrape has work left, in words; None where it has none."""
    if stopped is None and not pending:
        return None
    return stopped or f"{pending} pages could not be read; they are tried again"
