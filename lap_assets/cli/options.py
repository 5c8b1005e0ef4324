"""Options that several commands share."""

from typing import Annotated, Final

import typer

Json = Annotated[bool, typer.Option("--json", help="print JSON for scripts")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="steps to run in parallel; at most one per site")]
ReleaseAnyway = Annotated[
    bool, typer.Option("--release-anyway", help="make the release even if a scrape of this run is unfinished")
]
DEMO_SEED: Final = 1
