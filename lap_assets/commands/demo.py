"""`lap demo`: the whole way on a local replica of both sites, and a summary against the truth."""

import json
import time
from contextlib import AbstractContextManager

from lap_assets.commands.console import Terminal
from lap_assets.commands.home import check_writable, mark_demo
from lap_assets.commands.run import OK, run
from lap_assets.commands.summary import fetch_truth, summary
from lap_assets.files import write_text
from lap_assets.home import Home
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace


def demo(
    settings: Settings, terminal: Terminal, *, replica: AbstractContextManager[str], traits: dict[str, int], jobs: int
) -> int:
    """Runs everything on the replica into the home, and writes `summary.json` there; gives the exit status.

    Raises:
        SettingsError: the home is not a demo's, or another demo's.
    """
    home = Home(settings.home.absolute())
    check_writable(home)
    mark_demo(home, traits)
    began = time.monotonic()
    with replica as url:
        terminal.say(f"demo in {home.root}: {traits['anime']} anime on a replica of both sites at {url}")
        workplace = Workplace(settings.model_copy(update={"sites_url": url, "pause": "0"}), shown=terminal)
        status = run(workplace, terminal, partitions=(), only=(), jobs=jobs)
        if status != OK:
            return status
        told = summary(home, fetch_truth(url), time.monotonic() - began)
    write_text(home.root / "summary.json", json.dumps(told, indent=1) + "\n")
    _tell(told, terminal)
    return OK


def _tell(told: dict[str, dict[str, dict[str, int]]], terminal: Terminal) -> None:
    counts = told["partitions"].values()
    posters, removed, waiting, images = (
        sum(part[key] for part in counts) for key in ("posters", "removed", "awaiting_review", "images")
    )
    terminal.say(
        f"{posters:,} posters: {removed:,} near-duplicates removed, {waiting:,} pairs await review, "
        f"{images:,} images released"
    )
    scores = told["duplicates"]
    terminal.say(
        f"against the truth: precision of removals {scores['precision']}, "
        f"recall {scores['recall']:.3f} ({scores['recall_of_plain_copies']:.3f} of plain copies)"
    )
    terminal.say("`lap ui` shows it all (`make ui`, from a checkout)")
