"""Scores compared with pycocotools, number by number, and the preparation of labels for judging."""

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import coco
from lap_assets.labels.judging import judge_labels
from lap_assets.labels.matching import AREAS
from tests.profiles import examples

CLASSES = {1: "boy", 2: "girl"}


@st.composite
def boxes(draw: st.DrawFn, *, scored: bool) -> Box:
    """Few positions and sizes, so that boxes overlap, tie, and are at the limits between small, medium and large."""
    x, y = draw(st.integers(0, 3)) * 10, draw(st.integers(0, 3)) * 10
    width, height = (draw(st.sampled_from([16, 30, 32, 64, 96, 100.5])) for _ in range(2))
    return Box(
        x, y, x + width, y + height, draw(st.sampled_from([None, 1, 2])),
        score=draw(st.integers(0, 4)) / 4 if scored else None,
        ignore=not scored and draw(st.integers(0, 4)) == 0,
        crowd=not scored and draw(st.integers(0, 4)) == 0,
        attributes=() if scored else draw(st.sampled_from([(), (("area", 1000.5),), (("area", 9000),)])),
    )  # fmt: skip


@st.composite
def truth_and_detections(draw: st.DrawFn) -> tuple[Annotations, Annotations]:
    names = [f"{number}.jpg" for number in range(draw(st.integers(1, 4)))]

    def side(scored: bool) -> Annotations:
        images = (
            LabeledImage(name, 300, 300, tuple(draw(st.lists(boxes(scored=scored), max_size=5)))) for name in names
        )
        return Annotations(tuple(images), CLASSES)

    return side(scored=False), side(scored=True)


def by_pycocotools(truth: Annotations, detections: Annotations, folder: Path, *, by_class: bool) -> list[float | None]:
    """Return pycocotools' twelve numbers. It ignores crowds but overwrites `ignore`, so both are set here."""
    tool, judge = pytest.importorskip("pycocotools.coco"), pytest.importorskip("pycocotools.cocoeval")

    class Judge(judge.COCOeval):  # type: ignore[misc,name-defined]
        def _prepare(self) -> None:
            super()._prepare()
            for boxes_there in self._gts.values():
                for one in boxes_there:
                    one["ignore"] = one["iscrowd"] or ignored[one["id"]]

    coco.write(truth, folder / "truth.json")
    results = json.loads(coco.text(detections))["annotations"]
    with contextlib.redirect_stdout(io.StringIO()):
        loaded = tool.COCO(folder / "truth.json")
        ignored = {one["id"]: one["ignore"] for one in loaded.dataset["annotations"]}
        found = loaded.loadRes(results) if results else tool.COCO()
        run = Judge(loaded, found, "bbox")
        run.params.useCats = int(by_class)
        run.evaluate()
        run.accumulate()
        run.summarize()
    return [None if number < 0 else float(number) for number in run.stats]


def by_lap(truth: Annotations, detections: Annotations, *, by_class: bool) -> list[float | None]:
    scores = judge_labels(truth, detections, by_class=by_class).scores
    return [
        scores.ap, scores.ap50, scores.ap75, *scores.ap_by_size.values(), *scores.ar_by_limit.values(),
        *scores.ar_by_size.values(),
    ]  # fmt: skip


@examples(120)
@given(pair=truth_and_detections(), by_class=st.booleans())
def test_all_twelve_numbers_equal_pycocotools(
    tmp_path_factory: pytest.TempPathFactory, pair: tuple[Annotations, Annotations], by_class: bool
) -> None:
    theirs = by_pycocotools(*pair, tmp_path_factory.getbasetemp(), by_class=by_class)
    assert by_lap(*pair, by_class=by_class) == pytest.approx(theirs, abs=1e-6)


def test_many_boxes_at_any_position_equal_pycocotools(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)

    def near(box: Box) -> Box:
        x, y, wide, high = (float(side) for side in rng.normal(0, 4, 4))
        x0, y0 = max(0.0, box.xmin + x), max(0.0, box.ymin + y)
        return Box(x0, y0, max(x0, box.xmin + wide), max(y0, box.ymin + high), box.class_id, score=float(rng.random()))

    def anywhere(scored: bool) -> Box:
        x, y, wide, high = (float(side) for side in (*rng.uniform(0, 400, 2), *rng.uniform(5, 200, 2)))
        return Box(x, y, x + wide, y + high, 1, score=float(rng.random()) if scored else None)

    true, found = [], []
    for number in range(25):
        there = tuple(anywhere(False) for _ in range(rng.integers(0, 8)))
        true.append(LabeledImage(f"{number:03}.jpg", 700, 700, there))
        seen = (*map(near, there), *(anywhere(True) for _ in range(rng.integers(0, 130))))
        found.append(LabeledImage(f"{number:03}.jpg", 700, 700, seen))
    truth, detections = Annotations(tuple(true), CLASSES), Annotations(tuple(found), CLASSES)
    theirs = by_pycocotools(truth, detections, tmp_path, by_class=False)
    assert by_lap(truth, detections, by_class=False) == pytest.approx(theirs, abs=1e-6)


TRUE = LabeledImage("a.jpg", 300, 300, (Box(0, 0, 50, 50), Box(100, 100, 150, 150, ignore=True)), reviewed=True)
SEEN = (Box(0, 0, 50, 49, score=0.9), Box(100, 100, 150, 150, score=0.8), Box(200, 0, 240, 40, score=0.7))
FOUND = LabeledImage("a.jpg", 300, 300, SEEN)


def labels(*images: LabeledImage) -> Annotations:
    return Annotations(images, CLASSES)


def test_an_ignored_box_counts_neither_as_missed_nor_as_wrong() -> None:
    report = judge_labels(labels(TRUE), labels(FOUND))
    assert report.scores.boxes == {"all": 1, "small": 0, "medium": 1, "large": 0}
    assert report.scores.ap50 == report.scores.ap50_by_size["medium"] == 1.0
    assert report.scores.ap50_by_size["large"] is None
    assert (report.cut, report.mistakes) == (0.9, ())
    worse = judge_labels(labels(replace(TRUE, boxes=TRUE.boxes[1:])), labels(FOUND))
    assert worse.scores.ap is None
    assert [len(one.wrong) for one in worse.mistakes] == [2]


def test_unreviewed_images_are_left_out_unless_requested() -> None:
    unseen = LabeledImage("b.jpg", 300, 300, (), reviewed=False)
    found = labels(FOUND, replace(FOUND, name="b.jpg"), replace(FOUND, name="c.jpg"))
    report = judge_labels(labels(unseen, TRUE), found)
    assert (report.images, report.unreviewed, report.unknown, report.detections) == (1, 1, 1, 3)
    everything = judge_labels(labels(unseen, TRUE), found, with_unreviewed=True)
    assert (everything.images, everything.unreviewed, everything.detections) == (2, 0, 6)
    assert everything.scores.ap50 is not None
    assert report.scores.ap50 is not None
    assert everything.scores.ap50 < report.scores.ap50


def test_images_with_most_mistakes_come_first_with_their_missed_boxes() -> None:
    missing = LabeledImage("m.jpg", 300, 300, (Box(0, 0, 50, 50), Box(60, 0, 90, 50), Box(0, 60, 50, 90)))
    report = judge_labels(labels(TRUE, missing, replace(missing, name="n.jpg")), labels(FOUND))
    assert [(one.image.name, len(one.missed), one.wrong) for one in report.mistakes] == [
        ("m.jpg", 3, ()),
        ("n.jpg", 3, ()),
    ]
    assert report.undetected == 2


def test_classes_count_if_requested() -> None:
    true = labels(replace(TRUE, boxes=(Box(0, 0, 50, 50, 1),)))
    found = Annotations((replace(FOUND, boxes=(Box(0, 0, 50, 50, 7, score=1.0),)),), {7: "boy"})
    assert judge_labels(true, found, by_class=True).scores.ap == 1.0
    other = replace(found, classes={7: "girl"})
    assert judge_labels(true, other, by_class=True).scores.ap == 0.0
    assert judge_labels(true, other).scores.ap == 1.0


def test_a_detection_without_a_score_is_named() -> None:
    with pytest.raises(ValueError, match=r"a\.jpg: a detection without a score"):
        judge_labels(labels(TRUE), labels(TRUE))


def test_sizes_are_those_of_coco() -> None:
    assert AREAS == {"all": (0, 1e10), "small": (0, 32**2), "medium": (32**2, 96**2), "large": (96**2, 1e10)}
