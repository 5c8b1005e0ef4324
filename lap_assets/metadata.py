"""Keys of materialization metadata that LAP reads back, and how their values are made."""

from typing import Final

import dagster as dg

UNFINISHED: Final = "lap/unfinished"
"""Why a scrape ended before everything was read. The next `lap run` resumes it."""

AWAITING: Final = "awaiting review"
"""How many pairs of a subfolder a person has still to decide."""


def unfinished(stopped: str | None, pending: int = 0) -> dict[str, dg.MetadataValue]:
    """Metadata of a scrape with work left: why it stopped, or how many pages could not be read; else empty."""
    if stopped is None and not pending:
        return {}
    return {UNFINISHED: dg.MetadataValue.text(stopped or f"{pending} pages could not be read; they are tried again")}
