"""The report on a detector only covers images that people reviewed and the machine processed."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.drawing import curve_plot, mistake_tiles
from lap_assets.labels.report import SCHEMA, detector_report
from lap_assets.pictures.contact_sheet import sheet_png

FACE = Box(10, 10, 60, 60, 3)
PERSON = LabeledImage("0/a.jpg", 100, 100, (FACE, Box(70, 70, 90, 90)), reviewed=True, tier="refined")
FOUND = LabeledImage("0/a.jpg", 100, 100, (Box(10, 10, 60, 58, score=0.9), Box(0, 70, 20, 90, score=0.95)), model="m 1")


def test_only_reviewed_and_processed_images_count() -> None:
    people = Annotations(
        (PERSON, replace(PERSON, name="0/b.jpg", reviewed=False), replace(PERSON, name="0/c.jpg")), {3: "boy"}
    )
    machine = Annotations((FOUND, replace(FOUND, name="0/b.jpg"), replace(FOUND, name="0/d.jpg")))
    table, report = detector_report("faces", people, machine)
    assert table.schema == SCHEMA
    assert table.select("kind", "model", "size", "images", "boxes").rows() == [
        ("faces", "m 1", "all", 1, 2),
        ("faces", "m 1", "small", 1, 1),
        ("faces", "m 1", "medium", 1, 1),
        ("faces", "m 1", "large", 1, 0),
    ]
    assert table["ap50"].to_list() == [pytest.approx(0.5 * 51 / 101), 0.0, 1.0, None]
    (mistakes,) = report.mistakes
    assert (len(mistakes.missed), len(mistakes.wrong)) == (1, 1)


def test_without_reviewed_images_there_are_no_scores() -> None:
    table, report = detector_report("heads", Annotations((), {}, "head"), Annotations((FOUND,)))
    assert table["ap50"].to_list() == [None] * 4
    assert table["images"].to_list() == [0] * 4
    assert report.mistakes == ()


def test_the_curve_and_the_mistakes_are_drawn(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    Image.new("RGB", (100, 100), "white").save(tmp_path / "0" / "a.jpg")
    _, report = detector_report("faces", Annotations((PERSON,)), Annotations((FOUND,)))
    with Image.open(io.BytesIO(curve_plot(report.scores))) as plot:
        assert plot.size == (640, 400)
        assert len(plot.convert("RGB").getcolors(10**6) or []) > 5
    with Image.open(io.BytesIO(sheet_png(mistake_tiles(report.mistakes, tmp_path), columns=1, side=100))) as sheet:
        colors = {color for _, color in sheet.convert("RGB").getcolors(10**6) or []}
    assert {(40, 120, 235), (235, 60, 40)} <= colors
