"""The Dagster UI on a finished demo, in a real browser: what people see and click there, and no errors."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import open_instance
from tests.support import started
from tests.ui.serving import served_ui

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ui")]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in _NAMES if (found := shutil.which(name))), None)
ASSETS = (
    "mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters", "image_hashes", "hash_pairs",
    "vit_embeddings", "embedding_pairs", "review_verdicts", "resolution", "dedup_decisions", "resized_images",
    "baseline_face_boxes", "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes", "lap_dataset",
)  # fmt: skip
# Not upstream of the release, so not on its lineage.
ASIDE = ("pending_pairs", "review_candidates", "pair_probabilities", "review_queue", "detector_report")
ON_REQUEST = ("trained_face_detector", "trained_head_detector", "suggested_face_boxes", "suggested_head_boxes")
LOOKED_AT = "home_status"  # an optional asset
in_a_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run"]  # fmt: skip


WIPED = "baseline_head_boxes"  # made again unchanged, so nothing downstream runs


@pytest.fixture(scope="module")
def ui(finished_demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `lap ui` on a demo's home in which one asset is missing."""
    demo_home = tmp_path_factory.mktemp("ui") / "home"
    shutil.copytree(finished_demo[0], demo_home)
    with open_instance(Home(demo_home)) as instance:
        instance.wipe_assets([dg.AssetKey(WIPED)])
    with served_ui(demo_home) as address:
        yield address


@pytest.fixture
def page(ui: str) -> Iterator[Any]:
    """A page in a real browser; it must not report errors."""
    playwright = pytest.importorskip("playwright.sync_api")
    errors: list[str] = []
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=BROWSER, args=_FLAGS)
        opened = browser.new_page(viewport={"width": 2000, "height": 900})
        opened.set_default_timeout(300_000)  # for a busy machine
        opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        yield opened
        browser.close()
    assert errors == []


def test_every_partition_of_every_asset_is_materialized_and_listens_on_loopback_alone(ui: str) -> None:
    query = "{ assetNodes { assetKey { path } partitionStats { numMaterialized numPartitions } isMaterializable } }"
    result = httpx.post(f"{ui}/graphql", json={"query": query}, trust_env=False, timeout=600).json()
    nodes = result["data"]["assetNodes"]
    stats = {node["assetKey"]["path"][0]: node["partitionStats"] for node in nodes}
    assert set(stats) == {*ASSETS, *ASIDE, *ON_REQUEST, LOOKED_AT}
    asked_for = [stats.pop(asset) for asset in ON_REQUEST]
    assert all(cut is None or cut["numMaterialized"] == 0 for cut in asked_for), "nobody asked for them"
    assert [node["assetKey"]["path"][0] for node in nodes if not node["isMaterializable"]] == [LOOKED_AT]
    del stats[WIPED]
    assert all(cut is None or cut["numMaterialized"] == cut["numPartitions"] == 10 for cut in stats.values())
    port = int(ui.rsplit(":", 1)[1])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [place for place in listening if place.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]


@in_a_browser
def test_the_lineage_shows_every_asset(ui: str, page: Any) -> None:
    page.goto(f"{ui}/assets/lap_dataset?view=lineage&lineageScope=upstream&lineageDepth=12")
    for asset in ASSETS:
        shown = re.compile(rf"^({asset}|{asset[:11]}.{asset[-6:]})$")  # a long name is shortened in its middle
        page.get_by_text(shown).first.wait_for()


@in_a_browser
def test_an_asset_shows_its_pairs_and_explains_itself(ui: str, page: Any) -> None:
    page.goto(f"{ui}/assets/dedup_decisions?view=partitions&partition=4")
    page.get_by_text("removed pairs", exact=True).wait_for()
    page.get_by_text("[Show Markdown]").first.click()
    page.locator("img[alt='contact sheet']").wait_for()
    page.goto(f"{ui}/assets/dedup_decisions?view=overview")
    page.get_by_text("Keep or remove, for each poster of this subfolder").first.wait_for()
    page.get_by_text("keep_fresh").first.wait_for()


@in_a_browser
def test_a_partition_is_made_by_clicking_and_the_job_makes_what_else_is_missing(ui: str, page: Any) -> None:
    partitions = f"{ui}/assets/{WIPED}?view=partitions"
    page.goto(f"{partitions}&partition=3")
    page.get_by_text("Missing (10)").wait_for()
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_role("button", name="Launch 1 run").click()
    page.get_by_text("Materialized (1)").wait_for()
    page.goto(f"{ui}/locations/lap/jobs/refresh_stale/playground")
    page.get_by_role("button", name="Launch run").last.click()
    page.get_by_text("Success", exact=True).first.wait_for()
    page.goto(partitions)
    page.get_by_text("Materialized (10)").wait_for()


def test_a_page_of_another_site_changes_nothing_and_a_second_ui_ends_at_once(ui: str, tmp_path: Path) -> None:
    wipe = {"query": "mutation { wipeAssets(assetPartitionRanges: []) { __typename } }"}
    foreign = httpx.post(f"{ui}/graphql", json=wipe, headers={"Origin": "http://a.example"}, trust_env=False)
    assert foreign.status_code == 403
    port = ui.rsplit(":", 1)[1]
    second = started("ui", "--port", port, folder=tmp_path, LAP_HOME=tmp_path / "home")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == f"lap: --port {port}: 127.0.0.1:{port} is in use; choose another port\n"


def test_the_code_location_has_its_one_name(ui: str) -> None:
    query = "{ locationStatusesOrError { ... on WorkspaceLocationStatusEntries { entries { name } } } }"
    result = httpx.post(f"{ui}/graphql", json={"query": query}, trust_env=False, timeout=600).json()
    assert result["data"]["locationStatusesOrError"]["entries"] == [{"name": "lap"}]


def test_nothing_runs_by_itself_until_it_is_turned_on(ui: str) -> None:
    query = """{ repositoriesOrError { ... on RepositoryConnection { nodes {
        sensors { name sensorState { status } } schedules { name scheduleState { status } } } } } }"""
    result = httpx.post(f"{ui}/graphql", json={"query": query}, trust_env=False, timeout=600).json()
    (repository,) = result["data"]["repositoriesOrError"]["nodes"]
    states = {one["name"]: one["sensorState"]["status"] for one in repository["sensors"]}
    states |= {one["name"]: one["scheduleState"]["status"] for one in repository["schedules"]}
    assert states.pop("take_stock") == "RUNNING", "it only looks"
    assert states == dict.fromkeys(
        ("keep_fresh", "people_decided", "train_again", "rescrape_catalogs", "rescrape_newest", "rescrape_older"),
        "STOPPED",
    )


@in_a_browser
def test_the_ui_says_what_is_stale_and_what_waits(ui: str, page: Any) -> None:
    page.goto(f"{ui}/assets/home_status?view=events")
    page.get_by_text("what is stale and why").first.wait_for()
    page.get_by_text("pairs awaiting review").first.wait_for()
