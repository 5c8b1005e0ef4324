"""The condition behind `keep_fresh`, on a demo's home and instance: the requests after each change."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.resources import table_path
from tests.automation.scenes import AutomatedHome

BOXES = ("baseline_face_boxes", "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes")
RESOLVED: set[AssetPartition] = {("resolution", None), ("pending_pairs", None)}
SLICES: set[AssetPartition] = {(asset, key) for asset in ("dedup_decisions", "review_candidates") for key in SUBFOLDERS}


def version(scene: AutomatedHome, slot: AssetPartition) -> str | None:
    return GraphStatus(Graph(scene.definitions), scene.instance, scene.home.tables).version(slot)


PROBABILITIES: set[AssetPartition] = {("pair_probabilities", None)}  # also made from the verdicts themselves


@pytest.fixture
def scene(demo_home: Path) -> Iterator[AutomatedHome]:
    with open_instance(Home(demo_home)) as instance:
        yield AutomatedHome.of(demo_home, instance)


def rows(scene: AutomatedHome, asset: str, key: str) -> pl.DataFrame:
    return pl.read_parquet(table_path(scene.home.tables, asset, key))


def decide(scene: AutomatedHome) -> str:
    """Decide that two kept posters are duplicates; return the subfolder of the removed one."""
    for key in reversed(SUBFOLDERS):
        kept = rows(scene, "dedup_decisions", key).filter(pl.col("decision") == "keep")["name"].to_list()
        if len(kept) >= 2:
            break
    sha256 = dict(rows(scene, "image_hashes", key).select("name", "sha256").iter_rows())
    first, second = kept[:2]
    VerdictLog(scene.home.verdicts / f"{key}.jsonl").append(
        PairVerdict(
            reviewer="ann", first=first, first_sha256=sha256[first], second=second, second_sha256=sha256[second],
            measure="ahash", distance=9, verdict="duplicate", removed=second,
        )
    )  # fmt: skip
    return key


@pytest.mark.slow
def test_a_fresh_home_requests_nothing_and_a_verdict_exactly_its_downstream(scene: AutomatedHome) -> None:
    assert scene.asked_for() == set()
    key = decide(scene)
    assert scene.asked_for() == {("review_verdicts", key)}
    scene.run({("review_verdicts", key)})
    assert scene.asked_for() == RESOLVED | PROBABILITIES
    before = {slot: version(scene, slot) for slot in SLICES}
    scene.run(RESOLVED)
    cut = scene.asked_for() - PROBABILITIES
    assert ("dedup_decisions", key) in cut
    assert cut < SLICES
    scene.run(cut)
    assert {slot for slot in SLICES if version(scene, slot) != before[slot]} == cut  # no slice is made needlessly
    assert scene.asked_for() - PROBABILITIES == {("resized_images", key)}
    assert {slot for slot in scene.until_fresh() if slot[1] is not None} == {
        ("resized_images", key), *((asset, key) for asset in BOXES),
    }  # fmt: skip
    assert scene.asked_for() == set()


@pytest.mark.slow
def test_other_posters_in_the_newest_subfolder_rerun_its_chain_and_changed_partitions_elsewhere(
    scene: AutomatedHome,
) -> None:
    """Pages of posters may have ratings, so the matching is made again as well."""
    newest = SUBFOLDERS[-1]
    taken = rows(scene, "mal_posters", newest)
    path = table_path(scene.home.tables, "mal_posters", newest)
    kept = rows(scene, "dedup_decisions", newest).filter(pl.col("decision") == "keep")["name"]
    lost = taken.filter(pl.col("name").is_in(kept.implode()))["name"][-1]
    taken.filter(pl.col("name") != lost).write_parquet(path)  # the effect of a changed page, without asking a site
    before = {slot: version(scene, slot) for slot in SLICES}
    report(scene, "mal_posters", newest)
    made = scene.until_fresh()
    changed = {slot for slot in SLICES if version(scene, slot) != before[slot]}
    assert {slot for slot in made if slot[1] not in (newest, None)} == {slot for slot in changed if slot[1] != newest}
    sliced = {asset for asset, key in changed if key == newest}
    assert "dedup_decisions" in sliced
    assert {asset for asset, key in made if key == newest} == sliced | {
        "matched_ids", "image_hashes", "hash_pairs", "vit_embeddings", "embedding_pairs", "resized_images", *BOXES,
    }  # fmt: skip


@pytest.mark.slow
def test_a_rescrape_without_changes_requests_nothing(scene: AutomatedHome) -> None:
    for asset in ("mal_posters", "image_hashes"):
        scene.instance.report_runless_asset_event(again(scene, asset, "4"))
    assert scene.asked_for() == set()


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("head_detector", "none", {"baseline_head_boxes"}),
        ("embedder", "none", {"vit_embeddings"}),
        ("upscaler", "none", {"resized_images"}),
        ("rules", '{"same_ahash": {"ahash": [0, 3]}}', {"hash_pairs"}),
    ],
)
def test_a_changed_model_or_rule_requests_exactly_its_own_assets(
    finished_demo: tuple[Path, str], setting: str, value: str, expected: set[str]
) -> None:
    """Downstream assets wait for these: they are requested only if these change, or if they are stale themselves."""
    with open_instance(Home(finished_demo[0])) as instance:
        asked = AutomatedHome.of(finished_demo[0], instance, **{setting: value}).asked_for()
    assert asked == {(asset, key) for asset in expected for key in SUBFOLDERS}


@pytest.mark.slow
def test_a_failing_step_is_tried_a_few_times_and_then_failed_with_its_reason(demo_home: Path) -> None:
    slot = ("vit_embeddings", "3")
    with open_instance(Home(demo_home)) as instance:
        scene = AutomatedHome.of(demo_home, instance, embedder="sscd")  # its weights are missing
        tries = []
        for _ in range(5):
            asked = scene.asked_for() & {slot}
            tries.append(bool(asked))
            scene.run(asked)
        assert tries == [True] * scene.settings.attempts + [False] * (5 - scene.settings.attempts)
        status = GraphStatus(Graph(scene.definitions), scene.instance, scene.home.tables).of(slot)
        assert status.status is Status.FAILED
        assert "lap weights fetch sscd" in status.reasons[0]
        report(scene, "mal_posters", "3")
        assert slot in scene.asked_for()


def report(scene: AutomatedHome, asset: str, key: str) -> None:
    """Report an event with new content for an asset's partition."""
    known = GraphStatus(Graph(scene.definitions), scene.instance, scene.home.tables).version((asset, key))
    scene.instance.report_runless_asset_event(
        dg.AssetMaterialization(asset, partition=key, tags={"dagster/data_version": f"another than {known}"[:40]})
    )


def again(scene: AutomatedHome, asset: str, key: str) -> dg.AssetMaterialization:
    made = GraphStatus(Graph(scene.definitions), scene.instance, scene.home.tables).event_log.latest((asset, key))
    assert made is not None
    return dg.AssetMaterialization(asset, partition=key, tags=made.asset_materialization.tags)
