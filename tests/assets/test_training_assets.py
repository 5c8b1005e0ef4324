"""The trained detectors and their suggestions in the graph, which are made only on request."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from lap_assets.commands.label import refresh_suggestions
from lap_assets.commands.status import statuses
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.labels.refined import SCHEMA
from lap_assets.labels.rows import SIDES
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.training.labeled_pictures import draw

ON_REQUEST = ["trained_face_detector", "trained_head_detector", "suggested_face_boxes", "suggested_head_boxes"]
QUICK = {"ops": {"trained_face_detector": {"config": {"steps": 2, "views": 1}}}}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with six labeled images in subfolder 0."""
    home = Home(tmp_path / "lap_home")
    labels = draw(home.images, 6)
    rows: list[dict[str, Any]] = [
        {
            "name": image.name.rpartition("/")[2], "sha256": sha256_of(home.images / image.name),
            "reviewed": True, "problem": None,
            "boxes": [{**dict(zip(SIDES, box.corners, strict=True)), "class": None} for box in image.boxes],
        }
        for image in labels.images
    ]  # fmt: skip
    for asset, table in (
        ("refined_face_boxes", pl.DataFrame(rows, schema=SCHEMA)),
        ("resized_images", pl.DataFrame(rows).select("name", "sha256")),
    ):
        path = home.tables / asset / "0.parquet"
        path.parent.mkdir(parents=True)
        table.write_parquet(path)
    return home


def made(
    home: Home, asset: str, key: str | None = None, config: dict[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    """Materialize the asset as Dagster's own page does."""
    definitions = build_definitions(RunContext(Settings(home=home.root, device="cpu")))
    job = definitions.resolve_implicit_global_asset_job_def()
    with open_instance(home) as instance:
        return job.execute_in_process(
            instance=instance, partition_key=key, run_config=config, asset_selection=[dg.AssetKey(asset)],
            raise_on_error=False,
        )  # fmt: skip


def test_a_detector_is_made_on_request_and_suggests_boxes_by_subfolder(home: Home) -> None:
    lacking = made(home, "suggested_face_boxes", "0")
    assert not lacking.success
    (failure,) = [event for event in lacking.all_events if event.is_step_failure]
    assert "run `lap train faces` first" in str(failure.step_failure_data.user_failure_data)
    first = made(home, "trained_face_detector", config=QUICK)
    assert first.success
    assert (home.weights / "trained-faces.safetensors").is_file()
    table = pl.read_parquet(home.tables / "trained_face_detector.parquet")
    assert table.select("target", "start", "steps", "images").height == 1
    assert made(home, "suggested_face_boxes", "0").success
    boxes = pl.read_parquet(home.tables / "suggested_face_boxes" / "0.parquet")
    assert (boxes.height, boxes["problem"].null_count()) == (6, 6)
    assert boxes["model"].str.contains("trained-faces").all()
    refresh_suggestions(home)
    assert len(list(lap_format.read(home.labels / "labels_faces_suggested.txt"))) == 6


def test_they_are_made_only_on_request(home: Home) -> None:
    context = RunContext(Settings(home=home.root))
    definitions = build_definitions(context)
    graph = Graph(definitions)
    assert set(ON_REQUEST) <= set(graph.assets)
    assert set(graph.assets) - set(graph.made_by_default) == set(ON_REQUEST)
    for asset in ON_REQUEST:
        assert definitions.get_repository_def().asset_graph.get(dg.AssetKey(asset)).automation_condition is None
    assert not {row["asset"] for row in statuses(context)} & set(ON_REQUEST)
    (step,) = graph.steps(["trained_head_detector"], ["0"])
    assert ("refined_head_boxes", "9") in step.needs


def test_changed_labels_make_it_stale_but_not_due(home: Home) -> None:
    assert made(home, "trained_face_detector", config=QUICK).success
    graph = Graph(build_definitions(RunContext(Settings(home=home.root))))
    with open_instance(home) as instance:
        instance.report_runless_asset_event(
            dg.AssetMaterialization("refined_face_boxes", partition="0", tags={"dagster/data_version": "other"})
        )
        look = GraphStatus(graph, instance, home.tables)
        assert look.of(("trained_face_detector", None)).status is Status.STALE
    shown = {row["asset"]: row["status"] for row in statuses(RunContext(Settings(home=home.root)))}
    assert shown["trained_face_detector"] == "stale"


@pytest.mark.slow
def test_a_lost_table_prevents_training(home: Home) -> None:
    for number, asset in enumerate(("refined_face_boxes", "resized_images")):
        with open_instance(home) as instance:
            instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition="3"))
        failed = made(home, "trained_face_detector", config=QUICK)
        assert not failed.success
        (failure,) = [event for event in failed.all_events if event.is_step_failure]
        assert f"the table of {asset} [3] is missing" in failure.step_failure_data.error_display_string
        if not number:
            path = home.tables / asset
            (path / "3.parquet").write_bytes((path / "0.parquet").read_bytes())


def test_without_labels_it_fails_in_one_line(tmp_path: Path) -> None:
    failed = made(Home(tmp_path / "lap_home"), "trained_head_detector")
    assert not failed.success
    (failure,) = [event for event in failed.all_events if event.is_step_failure]
    assert "there are no refined boxes yet" in str(failure.step_failure_data.user_failure_data)
