"""What is due although nothing upstream changed: pages to read again, unfinished scrapes, what people said since."""

from collections.abc import Callable, Mapping
from typing import Final

import polars as pl

from lap_assets.core.verdicts.log import read_verdicts
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.engine.graph import Slot
from lap_assets.engine.standing import Standings
from lap_assets.labels.refined import FILES, refined_table
from lap_assets.metadata import UNFINISHED
from lap_assets.posters.due import due_pages
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_sources, wa_id_crawl
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.versions import content_version

_NO_TABLE: Final = ("lap_dataset", "detector_report")  # what they make is no table


def due(slot: Slot, standings: Standings, run_context: RunContext) -> tuple[str, ...]:
    """Why this partition has to be made again by itself; empty where it has not."""
    lost = _lost(slot, standings, run_context)
    return (lost,) if lost else _said(_SCRAPES, slot, standings, run_context) or decided(slot, standings, run_context)


def decided(slot: Slot, standings: Standings, run_context: RunContext) -> tuple[str, ...]:
    """Why people's files make this partition out of date; empty where they do not."""
    return _said(_FILES, slot, standings, run_context)


def _said(looks: "Mapping[str, _Look]", slot: Slot, standings: Standings, run_context: RunContext) -> tuple[str, ...]:
    look = looks.get(slot[0])
    cause = look(slot, standings, run_context) if look else None
    return (cause,) if cause else ()


def _mal_sweep(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    with open_state(run_context, Site.MAL) as state:
        is_due = mal_sources.is_due(state, run_context.settings)
    return "the listing is due" if is_due else _unfinished(slot, standings)


def _wa_walk(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    with open_state(run_context, Site.WA) as state:
        is_due = wa_id_crawl.is_due(state, run_context.settings.sweep_days)
    return "the animation pages are due" if is_due else _unfinished(slot, standings)


def _pages(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    asset, subfolder = slot
    upstream = ("mal_catalog", None) if asset == "mal_posters" else ("matched_ids", subfolder)
    path = table_path(run_context.home.tables, *upstream)
    count = due_pages(asset, str(subfolder), pl.read_parquet(path), run_context) if path.exists() else 0
    return f"{count} pages are due" if count else _unfinished(slot, standings)


def _verdicts(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    said = verdicts_table(read_verdicts([run_context.home.verdicts / f"{slot[1]}.jsonl"]))
    return "people decided since" if content_version(said).value != standings.version(slot) else None


def _labels(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    path = table_path(run_context.home.tables, "resized_images", slot[1])
    if not path.exists():
        return None
    said = refined_table(slot[0], str(slot[1]), pl.read_parquet(path), run_context.home)
    return "people labeled since" if content_version(said.table).value != standings.version(slot) else None


def _lost(slot: Slot, standings: Standings, run_context: RunContext) -> str | None:
    """What was made and is no longer in its place: somebody took it away."""
    if slot[0] in _NO_TABLE or standings.version(slot) is None:
        return None
    path = table_path(run_context.home.tables, *slot)
    if not path.exists():
        return "its table is missing"
    if slot[0] != "resized_images":
        return None
    folder = run_context.home.images / str(slot[1])
    there = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    missing = set(pl.read_parquet(path, columns=["name"])["name"]) - there
    return f"{len(missing)} images are missing" if missing else None


def _unfinished(slot: Slot, standings: Standings) -> str | None:
    said = standings.metadata(slot, UNFINISHED)
    return f"unfinished: {said}" if said else None


_Look = Callable[[Slot, Standings, RunContext], str | None]
_SCRAPES: Final[Mapping[str, _Look]] = {
    "mal_catalog": _mal_sweep,
    "wa_catalog": _wa_walk,
    "mal_posters": _pages,
    "wa_posters": _pages,
}
_FILES: Final[Mapping[str, _Look]] = {"review_verdicts": _verdicts, **dict.fromkeys(FILES, _labels)}
