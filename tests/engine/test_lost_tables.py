"""A deleted or damaged table: reported, refused as an input, and made again in every way of running."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl
import pytest

from lap_assets.core.files import write_bytes
from lap_assets.core.home import Home
from lap_assets.engine.failure_reasons import failure_reason
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.staleness import partition_name
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import Replica
from lap_assets.resources import table_path
from tests.automation.scenes import AutomatedHome
from tests.engine.contents import contents
from tests.support import Lap, environment

QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def take_away(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    write_bytes(path, b"")


def cut_short(path: Path) -> None:
    write_bytes(path, path.read_bytes()[:-20])


def replace_by_a_page(path: Path) -> None:
    write_bytes(path, b"<html>not found</html>")


def drop_a_column(path: Path) -> None:
    table = pl.read_parquet(path)
    table.drop(table.columns[0]).write_parquet(path)


DAMAGES: Final[Mapping[str, tuple[Callable[[Path], None], str]]] = {
    "taken away": (take_away, "its table is missing"),
    "empty": (empty, "its table is empty"),
    "cut short": (cut_short, "its table is cut short"),
    "a web page": (replace_by_a_page, "its table is not a Parquet file"),
    "a column less": (drop_a_column, "its table lacks the column"),
}


@pytest.fixture
def scene(demo_home: Path) -> Iterator[AutomatedHome]:
    with open_instance(Home(demo_home)) as instance:
        yield AutomatedHome.of(demo_home, instance)


def slots(scene: AutomatedHome) -> list[AssetPartition]:
    """One partition of every asset that the demo made."""
    graph = Graph(scene.definitions)
    return [(asset, "9" if graph.is_partitioned(asset) else None) for asset in graph.made_by_default]


@pytest.mark.slow
def test_exactly_the_missing_and_damaged_tables_are_reported(scene: AutomatedHome) -> None:
    graph = Graph(scene.definitions)
    for number, slot in enumerate(slots(scene)):
        damage, problem = list(DAMAGES.values())[number % len(DAMAGES)]
        path = table_path(scene.home.tables, *slot)
        kept = path.read_bytes()
        damage(path)
        look = GraphStatus(graph, scene.instance, scene.home.tables)
        wrong = [one for one in slots(scene) if look.of(one).status is not Status.FRESH]
        assert wrong == [slot]
        assert look.of(slot).status is Status.STALE
        assert look.of(slot).reasons[0].startswith(problem)
        write_bytes(path, kept)


def run_one(scene: AutomatedHome, slot: AssetPartition) -> str | None:
    """Make one asset as the UI does, without its inputs; return why it failed."""
    job = scene.definitions.resolve_implicit_global_asset_job_def()
    ran = job.execute_in_process(
        instance=scene.instance, partition_key=slot[1], asset_selection=[dg.AssetKey(slot[0])], raise_on_error=False,
        run_config=QUIET,
    )  # fmt: skip
    return None if ran.success else failure_reason(ran.all_events).text


INPUTS: Final = (
    "mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters", "image_hashes", "hash_pairs",
    "vit_embeddings", "embedding_pairs", "review_verdicts", "dedup_decisions", "resized_images", "baseline_face_boxes",
    "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes",
)  # fmt: skip


WAITS_ONLY: Final = {("mal_posters", "matched_ids")}
"""Who waits for an asset without loading its table: ratings are read from the site's state."""
LEARNS: Final = {"tables/mal_catalog.parquet"}
"""Made again it also holds the ratings that pages have told since; its version is that of the other columns."""


@pytest.mark.slow
@pytest.mark.parametrize("asset", INPUTS)
def test_nothing_is_made_from_a_lost_table_and_the_sensor_makes_only_that_one_again(
    scene: AutomatedHome, asset: str
) -> None:
    graph = Graph(scene.definitions)
    slot: AssetPartition = (asset, "3" if graph.is_partitioned(asset) else None)
    before, releases = contents(scene.home.root), sorted(scene.home.release.iterdir())
    damage = DAMAGES["taken away" if INPUTS.index(asset) % 2 else "cut short"][0]
    damage(table_path(scene.home.tables, *slot))
    loading = [one for one in graph.made_by_default if (asset, one) not in WAITS_ONLY]
    following = [(one, key) for one in loading for _, key in graph.slots(one)
                 if key in ("3", None) and slot in graph.needs((one, key))]  # fmt: skip
    assert following
    for one in following:
        failed = run_one(scene, one)
        assert failed is not None, one
        assert failed.startswith(f"the table of {partition_name(slot)} ")
        assert "`lap refresh` makes it again" in failed
    assert sorted(scene.home.release.iterdir()) == releases
    made = scene.until_fresh()
    assert made[0] == slot
    assert set(made[1:]) <= {other for one in following for other in _together(graph, one)}  # they had failed
    after = contents(scene.home.root)
    assert {path for path in before if after.get(path) != before[path]} <= LEARNS
    assert after.keys() == before.keys()


def _together(graph: Graph, slot: AssetPartition) -> set[AssetPartition]:
    (step,) = graph.steps([slot[0]], [slot[1]] if slot[1] is not None else [])
    return set(step.slots)


@pytest.mark.slow
def test_a_table_with_unreadable_rows_is_quarantined_when_it_is_loaded(scene: AutomatedHome) -> None:
    path = table_path(scene.home.tables, "image_hashes", "3")
    body = bytearray(path.read_bytes())
    body[4:200] = bytes(196)  # its ends and its footer stay intact
    write_bytes(path, bytes(body))
    failed = run_one(scene, ("hash_pairs", "3"))
    assert failed is not None
    assert failed.startswith("the table of image_hashes [3] was damaged")
    assert (scene.home.root / "set_aside" / "tables" / "image_hashes" / "3.parquet").read_bytes() == bytes(body)
    look = GraphStatus(Graph(scene.definitions), scene.instance, scene.home.tables)
    assert look.of(("image_hashes", "3")).reasons == ("its table is missing",)


def damage_all(home: Home, graph: Graph) -> list[AssetPartition]:
    """Damage one partition of every asset, each in a different way."""
    done: list[AssetPartition] = []
    for number, asset in enumerate(graph.made_by_default):
        slot: AssetPartition = (asset, str(number % 10) if graph.is_partitioned(asset) else None)
        list(DAMAGES.values())[number % len(DAMAGES)][0](table_path(home.tables, *slot))
        done.append(slot)
    return done


@pytest.mark.slow
def test_a_refresh_makes_every_lost_table_again_and_nothing_else(scene: AutomatedHome, lap: Lap) -> None:
    before = contents(scene.home.root)
    lost = damage_all(scene.home, Graph(scene.definitions))
    result = lap("status", LAP_HOME=scene.home.root)
    assert all(f"{partition_name(slot)}: stale: its table " in result.stderr for slot in lost), result.stderr
    with Replica(procedural_catalog(30, 3)) as replica:  # as the demo's
        sites = {"LAP_HOME": scene.home.root, "LAP_SITES_URL": replica.url}
        made = lap("refresh", "--jobs", "2", **sites)
        assert made.returncode == 0, made.stderr
        assert "nothing to do" in lap("refresh", **sites).stderr
    after = contents(scene.home.root)
    assert {path for path in before if after.get(path) != before[path]} <= LEARNS


@pytest.mark.slow
def test_plain_dagster_without_its_records_knows_what_was_made(demo_home: Path) -> None:
    releases = sorted((demo_home / "release").iterdir())
    (demo_home / "tables" / "baseline_face_boxes" / "3.parquet").unlink()
    variables = {name: value for name, value in environment(LAP_HOME=demo_home).items() if name != "DAGSTER_HOME"}
    ended = subprocess.run(
        [sys.executable, "-m", "dagster", "asset", "materialize", "--select", "lap_dataset", "-m",
         "lap_assets.definitions"],
        env={**variables, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, cwd=demo_home,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "the table of baseline_face_boxes [3] is missing" in ended.stderr + ended.stdout
    assert sorted((demo_home / "release").iterdir()) == releases
