"""`lap demo`: the whole graph on a local replica of both sites, and a summary against the truth."""

import json
import time
from contextlib import AbstractContextManager
from typing import Any

from lap_assets.commands.console import Terminal
from lap_assets.commands.exit_statuses import OK
from lap_assets.commands.home import check_writable, mark_demo
from lap_assets.commands.run import run
from lap_assets.commands.run_selection import RunSelection
from lap_assets.commands.summary import fetch_truth, summary
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.duplicates.rules import rules_from
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings


def demo(
    settings: Settings,
    terminal: Terminal,
    *,
    replica: AbstractContextManager[str],
    traits: dict[str, int],
    selection: RunSelection,
) -> int:
    """Run the graph on the replica into the home, write `summary.json` there, and return the exit status.

    Raises:
        SettingsError: the home is not a demo's, or holds a demo with other traits.
    """
    home = Home(settings.home.absolute())
    check_writable(home)
    mark_demo(home, traits)
    began = time.monotonic()
    with replica as url:
        terminal.say(f"demo in {home.root}: {traits['anime']} anime on a replica of both sites at {url}")
        chosen = settings.for_demo().model_copy(update={"sites_url": url, "pause": "0"})
        run_context = RunContext(chosen, shown=terminal)
        status = run(run_context, terminal, selection)
        if status != OK:
            return status
        found = summary(home, fetch_truth(url), rules_from(settings.rules), time.monotonic() - began)
    write_text(home.root / "summary.json", json.dumps(found, indent=1) + "\n")
    _print_summary(found, terminal)
    return OK


def _print_summary(summary: dict[str, Any], terminal: Terminal) -> None:
    counts = summary["partitions"].values()
    posters, removed, waiting, images = (
        sum(part[key] for part in counts) for key in ("posters", "removed", "awaiting_review", "images")
    )
    terminal.say(
        f"{posters:,} posters: {removed:,} near-duplicates removed, {waiting:,} pairs await review, "
        f"{images:,} images released"
    )
    scores = summary["duplicates"]
    terminal.say(
        f"against the truth: precision of removals {scores['precision']}, "
        f"recall {scores['recall']:.3f} ({scores['recall_of_plain_copies']:.3f} of plain copies)"
    )
    for name, pairs in summary["embedding"].items():
        if pairs is not None:
            terminal.say(
                f"pairs by vector up to {pairs['distance']:g} ({name}): {pairs['pairs']:,}, "
                f"precision {_share(pairs['precision'])}, recall {_share(pairs['recall'])}"
            )
    for kind in ("faces", "heads"):
        found = [part[kind] for part in counts if part[kind] is not None]
        if summary[kind]["ap50"] is not None:
            terminal.say(f"{sum(found):,} {kind} found, AP50 {summary[kind]['ap50']:.3f}")
    terminal.say("`lap ui` shows everything (`make ui` from a checkout)")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
