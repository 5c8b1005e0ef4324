"""`detector_report` runs the configured detectors on reviewed images and ranks them."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from PIL import Image, ImageDraw

from lap_assets.core.errors import SettingsError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.definitions import build_definitions
from lap_assets.engine.instance import open_instance
from lap_assets.engine.preflight import unmet_requirements
from lap_assets.labels import detection, refined
from lap_assets.labels.rows import SIDES
from lap_assets.models.compared import check_compared, compared_names
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.models.onnx_files import color_yolo

SIDE = 160
CORNERS = (44, 76, 60, 92)  # the box of the red 8 px cell


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with three pictures, each with a red cell; the third is not reviewed."""
    home = Home(tmp_path / "lap_home")
    rows: list[dict[str, Any]] = []
    for number in range(3):
        path = home.images / "0" / f"MAL{number + 1:05d}_0001_{number:06d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (SIDE, SIDE), (0, number, 0))
        ImageDraw.Draw(picture).rectangle((48, 80, 55, 87), fill=(255, 0, 0))
        picture.save(path)
        box = {**dict(zip(SIDES, CORNERS, strict=True)), "class": None}
        rows.append(
            {"name": path.name, "sha256": sha256_of(path), "boxes": [box], "reviewed": number < 2, "width": SIDE,
             "height": SIDE}
        )  # fmt: skip
    tables = {
        "resized_images": pl.DataFrame(rows).select("name", "sha256", "width", "height"),
        "refined_face_boxes": pl.DataFrame(rows, schema=refined.SCHEMA),
        "refined_head_boxes": pl.DataFrame(schema=refined.SCHEMA),
        "baseline_face_boxes": pl.DataFrame(schema=detection.SCHEMA),
        "baseline_head_boxes": pl.DataFrame(schema=detection.SCHEMA),
    }
    for asset, table in tables.items():
        path = home.tables / asset / "0.parquet"
        path.parent.mkdir(parents=True)
        table.write_parquet(path)
    return home


def report(home: Home, **settings: str) -> tuple[pl.DataFrame, dict[str, Any]]:
    definitions = build_definitions(RunContext(Settings(home=home.root, device="cpu", **settings)))  # type: ignore[arg-type]
    job = definitions.resolve_implicit_global_asset_job_def()
    with open_instance(home) as instance:
        done = job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey("detector_report")])
    (made,) = done.asset_materializations_for_node("detector_report")
    return pl.read_parquet(home.tables / "detector_report.parquet"), dict(made.metadata)


def test_without_the_setting_there_is_one_detector_and_no_leaderboard(home: Home) -> None:
    table, metadata = report(home)
    assert table["model"].unique().to_list() == ["none"]
    assert not [name for name in metadata if "leaderboard" in name]
    assert not (home.state / "compared").exists()


def test_the_named_detectors_are_ranked_on_reviewed_images(home: Home, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
    path = color_yolo((SIDE, SIDE)).write(tmp_path / "red.onnx")
    named = f" lap-tiny, onnx:{path} ,lap-tiny"
    table, metadata = report(home, compared_face_detectors=named)
    of_all = table.filter(pl.col("size") == "all", pl.col("kind") == "faces")
    assert [name.split(" ")[0] for name in of_all["model"]] == ["none", "lap-tiny", "red"]
    assert of_all["images"].to_list() == [0, 2, 2]
    assert of_all["ap50"].to_list()[2] == pytest.approx(1)
    assert of_all["ap50"].to_list()[1] < 0.5
    lines = str(metadata["faces leaderboard"].value).splitlines()
    assert [line.split("|")[1].split()[0] for line in lines[2:]] == ["red", "lap-tiny"]
    assert str(metadata["faces compared"].value).startswith("![plot](data:image/png;base64,")
    assert "heads leaderboard" not in metadata

    kept = sorted((home.state / "compared").rglob("*.parquet"))
    stamps = [one.stat().st_mtime_ns for one in kept]
    assert len(kept) == 2
    again, _ = report(home, compared_face_detectors=named)
    assert again.equals(table)
    assert [one.stat().st_mtime_ns for one in sorted((home.state / "compared").rglob("*.parquet"))] == stamps


def test_another_compared_file_makes_the_report_stale(home: Home, tmp_path: Path) -> None:
    path = color_yolo((SIDE, SIDE)).write(tmp_path / "red.onnx")

    def version(**settings: str) -> str | None:
        made = build_definitions(RunContext(Settings(home=home.root, **settings)))  # type: ignore[arg-type]
        return made.get_repository_def().asset_graph.get(dg.AssetKey("detector_report")).code_version

    named = {"compared_face_detectors": f"onnx:{path}"}
    plain, before = version(), version(**named)
    color_yolo((SIDE, SIDE), {"names": "['face', 'head']"}).write(path)
    assert len({plain, before, version(**named), version(compared_head_detectors=f"onnx:{path}")}) == 4


def test_names_are_checked_before_anything_runs(home: Home) -> None:
    settings = Settings(home=home.root, compared_face_detectors="lap-tiny,grapeot-yolov3")
    with pytest.raises(SettingsError, match=r"^LAP_COMPARED_FACE_DETECTORS: 'grapeot-yolov3': expected one of: "):
        check_compared(settings)
    lacks = Settings(
        home=home.root, face_detector="none", head_detector="none", compared_head_detectors="grapeot-yolov3,none,"
    )
    assert compared_names(lacks, "heads") == ("grapeot-yolov3",)
    (problem,) = unmet_requirements(RunContext(lacks), ["detector_report"])
    assert problem.startswith(f"LAP_COMPARED_HEAD_DETECTORS has grapeot-yolov3: {home.weights}")
    assert problem.endswith("`lap weights fetch grapeot-yolov3` downloads it (about 246 MB), or leave it out there")
    assert unmet_requirements(RunContext(lacks), ["lap_dataset"]) == []
