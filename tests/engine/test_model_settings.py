"""Another model makes only its own table stale; with no model, the graph still completes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from lap_assets.assets.boxes import box_assets
from lap_assets.assets.duplicates import embedding_assets
from lap_assets.assets.models import Chosen
from lap_assets.core.errors import WeightsError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.definitions import build_definitions
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.engine.graph import Graph
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.posters.manifest import SCHEMA
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.table_store import TableStore
from tests.small_models import BrightSpot, ColorHistogram

NONE = {"embedder": "none", "face_detector": "none", "head_detector": "none", "upscaler": "none"}
POSTERS = ("mal_posters", "wa_posters")
WHOLE = ("resolution", "pending_pairs")
FOLLOWING = (
    "image_hashes", "hash_pairs", "vit_embeddings", "embedding_pairs", "review_verdicts", *WHOLE,
    "dedup_decisions", "review_candidates", "resized_images", "baseline_face_boxes", "baseline_head_boxes",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dg.DagsterInstance]]:
    """A home whose subfolder 0 was made without posters and models, and its instance."""
    home = tmp_path_factory.mktemp("home")
    with dg.DagsterInstance.ephemeral() as instance:
        for asset in POSTERS:
            path = table_path(Home(home).tables, asset, "0")
            path.parent.mkdir(parents=True)
            pl.DataFrame(schema=SCHEMA).write_parquet(path)
            tags = {"dagster/data_version": "1"}
            instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition="0", tags=tags))
        job = build_definitions(RunContext(Settings(home=home, **NONE))).resolve_implicit_global_asset_job_def()  # type: ignore[arg-type]
        ran = job.execute_in_process(
            instance=instance, partition_key="0", asset_selection=[dg.AssetKey(asset) for asset in FOLLOWING]
        )
        assert ran.success
        yield home, instance


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ({}, set()),
        ({"embedder": "lap-tiny"}, {"vit_embeddings"}),
        ({"face_detector": "lap-tiny"}, {"baseline_face_boxes"}),
        ({"head_detector": "lap-tiny"}, {"baseline_head_boxes"}),
        ({"upscaler": "lanczos"}, {"resized_images"}),
        ({"embedder": "lap-tiny", "upscaler": "lanczos"}, {"vit_embeddings", "resized_images"}),
    ],
)
def test_exactly_the_models_own_tables_go_stale(
    made: tuple[Path, dg.DagsterInstance], changed: dict[str, str], stale: set[str]
) -> None:
    home, instance = made
    settings = Settings(home=home, **{**NONE, **changed})  # type: ignore[arg-type]
    look = GraphStatus(Graph(build_definitions(RunContext(settings))), instance, settings.home / "tables")
    status = {asset: look.of((asset, None if asset in WHOLE else "0")) for asset in FOLLOWING}
    assert {asset for asset, one in status.items() if one.status is not Status.FRESH} == stale
    assert all("code version" in " ".join(status[asset].reasons) for asset in stale)


def test_without_models_tables_are_empty_and_say_so(made: tuple[Path, dg.DagsterInstance]) -> None:
    home, instance = made
    for asset, variable in (("vit_embeddings", "LAP_EMBEDDER"), ("baseline_head_boxes", "LAP_HEAD_DETECTOR")):
        event = instance.get_latest_materialization_event(dg.AssetKey(asset))
        assert event is not None
        assert event.asset_materialization is not None
        assert f"{variable}=none" in str(event.asset_materialization.metadata["model"].value)
        assert pl.read_parquet(table_path(Home(home).tables, asset, "0")).height == 0


def test_weights_that_are_missing_fail_the_step_with_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    def missing() -> Any:
        raise WeightsError("weights/big.ckpt is missing: download it with `lap weights fetch big`")

    ran = _ran(tmp_path, missing, missing)
    assert not ran.success
    result = ran.failure_data_for_node("vit_embeddings")
    assert result is not None
    assert result.user_failure_data is not None
    line = str(result.user_failure_data.description)
    missing_line = "weights/big.ckpt is missing: download it with `lap weights fetch big`"
    assert line == f"{missing_line}; LAP_EMBEDDER=none continues without it"


def test_models_of_other_packages_run_in_the_graph(tmp_path: Path) -> None:
    ran = _ran(tmp_path, ColorHistogram, BrightSpot)
    assert ran.success
    pairs = pl.read_parquet(table_path(Home(tmp_path).tables, "embedding_pairs", "0"))
    assert pairs.height == 1
    boxes = pl.read_parquet(table_path(Home(tmp_path).tables, "baseline_face_boxes", "0"))
    assert boxes["boxes"].list.len().to_list() == [1, 1]
    (made_boxes,) = ran.asset_materializations_for_node("baseline_face_boxes")
    assert made_boxes.metadata["faces"].value == 2
    assert "data:image/jpeg" in str(made_boxes.metadata["what was found"].value)
    assert not list((tmp_path / "state").rglob("*.parquet"))


def test_unstored_rows_are_not_computed_twice(tmp_path: Path) -> None:
    models: list[ColorHistogram] = []

    def loaded() -> ColorHistogram:
        models.append(ColorHistogram())
        return models[-1]

    in_the_way = tmp_path / "tables" / "vit_embeddings"
    in_the_way.parent.mkdir()
    in_the_way.symlink_to(tmp_path / "nowhere")
    assert not _ran(tmp_path, loaded, BrightSpot).success
    in_the_way.unlink()
    assert _ran(tmp_path, loaded, BrightSpot).success
    assert [model.seen for model in models] == [2]


def test_a_request_to_stop_fails_the_step_with_one_line(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    ran = _ran(tmp_path, ColorHistogram, BrightSpot, stop)
    result = ran.failure_data_for_node("vit_embeddings")
    assert result is not None
    assert result.user_failure_data is not None
    assert result.user_failure_data.description == "stopped; 1 of 2 are done and kept; run it again to continue"


def _ran(
    tmp_path: Path, embedder: Any, detector: Any, stop: threading.Event | None = None
) -> dg.ExecuteInProcessResult:
    """Vectors, pairs and boxes of two bright posters by these models."""
    from PIL import Image

    home = Home(tmp_path)
    rows = []
    for number in (1, 2):
        name = PosterName.mal(5, 1, number)
        for path in (home.poster(name), home.image(name)):
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (60 + number, 80), "gold").save(path)
        rows.append({"name": str(name), "mal_id": 5, "sha256": sha256_of(path)})
    posters = pl.DataFrame(rows)

    @dg.asset(partitions_def=_parts())
    def mal_posters() -> pl.DataFrame:
        return posters

    @dg.asset(partitions_def=_parts())
    def wa_posters() -> pl.DataFrame:
        return posters.clear()

    @dg.asset(partitions_def=_parts())
    def hash_pairs() -> pl.DataFrame:
        return pl.DataFrame(schema={"first": pl.String, "second": pl.String})

    @dg.asset(partitions_def=_parts())
    def resized_images() -> pl.DataFrame:
        return posters

    faces = Chosen("LAP_FACE_DETECTOR", "bright", "bright-1", detector)
    heads = Chosen("LAP_HEAD_DETECTOR", "none", "none", detector)
    return dg.materialize(
        [mal_posters, wa_posters, hash_pairs, resized_images,
         *embedding_assets(Chosen("LAP_EMBEDDER", "colors", "colors-1", embedder), DEFAULT_RULES),
         *box_assets(faces, heads)],
        partition_key="0",
        resources={"run_context": RunContext(Settings(home=tmp_path, **NONE), stop=stop or threading.Event()),  # type: ignore[arg-type]
                   "io_manager": TableStore(base_dir=str(home.tables))},
        raise_on_error=False,
    )  # fmt: skip


def _parts() -> dg.StaticPartitionsDefinition:
    from lap_assets.partitions import SUBFOLDER_PARTITIONS

    return SUBFOLDER_PARTITIONS
