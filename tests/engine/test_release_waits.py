"""A release waits for the scrapes of its run; one made earlier is marked as partial, until a complete one follows."""

import json
from pathlib import Path
from typing import Any

import pytest

from lap_assets.commands.run_selection import RunSelection, release_hold
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Step
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.scrapes import note_scrape, unfinished_scrapes
from tests.support import DEMO, Lap

NO_MODELS = dict.fromkeys(("LAP_EMBEDDER", "LAP_FACE_DETECTOR", "LAP_HEAD_DETECTOR", "LAP_UPSCALER"), "none")


def provenance(release: Path) -> dict[str, Any]:
    return dict(json.loads((release / "provenance.json").read_text()))


def test_a_release_waits_for_the_scrapes_of_its_own_run(tmp_path: Path) -> None:
    work = RunContext(Settings(home=tmp_path, sites_url="http://127.0.0.1:1"))
    release = Step(("lap_dataset",), None, None, frozenset())
    scrapes = [Step(("mal_posters",), key, "mal", frozenset()) for key in SUBFOLDERS[:2]]
    with open_state(work, MAL) as state:
        note_scrape(state, "mal_posters", "0", None, 3)
        note_scrape(state, "mal_posters", "1", "budget spent", 3)

    def held(*steps: Step, **chosen: Any) -> str | None:
        return release_hold(work, RunSelection(**chosen), steps, release)

    assert held(*scrapes, release) == (
        "mal_posters [1] unfinished; the next `lap run` makes it, `lap run --release-anyway` makes a partial one"
    )
    assert held(scrapes[0], release) is None
    assert held(*scrapes, release, release_anyway=True) is None
    assert held(*scrapes, release, scrapes=False) is None
    assert release_hold(work, RunSelection(), scrapes, scrapes[0]) is None


@pytest.mark.slow
def test_no_release_is_made_while_a_scrape_is_unfinished(lap: Lap, tmp_path: Path) -> None:
    home = {"LAP_HOME": tmp_path / "home", **NO_MODELS}
    releases = tmp_path / "home" / "release"
    first = lap("demo", *DEMO, **home, LAP_BUDGET_REQUESTS="12")
    assert first.returncode == 3, first.stderr
    assert "not made: lap_dataset: " in first.stderr
    assert not list(releases.glob("v*"))

    partial = lap("demo", *DEMO, "--release-anyway", **home, LAP_BUDGET_REQUESTS="12")
    assert partial.returncode == 3, partial.stderr
    assert "**A partial release**" in (releases / "v0001" / "README.md").read_text()
    result = provenance(releases / "v0001")
    work = RunContext(Settings(home=tmp_path / "home", sites_url="http://127.0.0.1:1"))
    assert result["unfinished scrapes"] == [str(scrape) for scrape in unfinished_scrapes(work)] != []
    assert result["permission"].startswith("none needed: a replica")

    whole = lap("demo", *DEMO, **home)
    assert whole.returncode == 0, whole.stderr
    assert "partial" not in (releases / "v0002" / "README.md").read_text()
    assert "unfinished scrapes" not in provenance(releases / "v0002")
