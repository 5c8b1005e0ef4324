"""The Dagster UI on a finished demo, in a real browser: the lineage is there, every asset materialized, no errors."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support import command, environment

pytestmark = pytest.mark.xdist_group("demo")
_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in _NAMES if (found := shutil.which(name))), None)
ASSETS = (
    "mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters", "image_hashes", "hash_pairs",
    "vit_embeddings", "embedding_pairs", "review_verdicts", "dedup_decisions", "resized_images", "lap_dataset",
)  # fmt: skip
# Not upstream of the release, so not on its lineage.
ASIDE = ("review_candidates", "baseline_face_boxes", "baseline_head_boxes")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run"]  # fmt: skip


@pytest.fixture
def ui(demo_home: Path) -> Iterator[str]:
    """The address of `lap ui` on a demo's home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command("ui", "--port", str(port)), env=environment(LAP_HOME=demo_home), cwd=demo_home.parent,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                httpx.get(f"{address}/server_info", trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with what it started


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_the_lineage_shows_every_asset_and_no_errors(ui: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    errors: list[str] = []
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=BROWSER, args=_FLAGS)
        page = browser.new_page(viewport={"width": 2000, "height": 900})
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"{ui}/assets/lap_dataset?view=lineage&lineageScope=upstream&lineageDepth=12")
        for asset in ASSETS:
            page.get_by_text(asset, exact=True).first.wait_for(timeout=60_000)
        page.goto(f"{ui}/assets/dedup_decisions?view=partitions&partition=4")
        page.get_by_text("removed pairs", exact=True).wait_for(timeout=60_000)
        page.get_by_text("[Show Markdown]").first.click()
        page.locator("img[alt='contact sheet']").wait_for(timeout=60_000)
        browser.close()
    assert errors == []


def test_every_partition_of_every_asset_is_materialized_and_listens_on_loopback_alone(ui: str) -> None:
    query = "{ assetNodes { assetKey { path } partitionStats { numMaterialized numPartitions } isMaterializable } }"
    nodes = httpx.post(f"{ui}/graphql", json={"query": query}, trust_env=False, timeout=60).json()["data"]["assetNodes"]
    stats = {node["assetKey"]["path"][0]: node["partitionStats"] for node in nodes}
    assert set(stats) == {*ASSETS, *ASIDE}
    assert all(cut is None or cut["numMaterialized"] == cut["numPartitions"] == 10 for cut in stats.values())
    port = int(ui.rsplit(":", 1)[1])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [place for place in listening if place.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
