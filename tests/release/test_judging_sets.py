"""Evaluation sets: a machine's boxes are never used as truth."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box, Corners
from lap_assets.labels.annotations import Annotations, LabeledImage, Tier
from lap_assets.labels.formats import coco, read_labels
from lap_assets.labels.judging import judge_labels
from lap_assets.release.judging_sets import subsets, with_regions
from tests.profiles import examples

SIDE = 100
sides = st.integers(0, SIDE)
corners = st.tuples(sides, sides, sides, sides).map(
    lambda c: (min(c[0], c[2]), min(c[1], c[3]), max(c[0], c[2]) + 1, max(c[1], c[3]) + 1)
)


def _image(id: int, tier: Tier, boxes: Sequence[Corners], *, reviewed: bool) -> LabeledImage:
    found = tuple(Box(*one, class_id=2 if tier == "refined" else None) for one in boxes)
    return LabeledImage(f"{id}.jpg", SIDE + 1, SIDE + 1, found, reviewed=reviewed, tier=tier, id=id)


@st.composite
def best_labels(draw: st.DrawFn) -> Annotations:
    """Images that a person has reviewed, alternating with images that only a machine has processed."""
    images = []
    for id in range(1, draw(st.integers(2, 6)) + 1):
        reviewed = draw(st.booleans()) or id == 2
        boxes = draw(st.lists(corners, max_size=3))
        images.append(_image(id, "refined" if reviewed else "machine", boxes, reviewed=reviewed))
    return Annotations(tuple(images), {2: "girl"})


detections = st.lists(st.tuples(st.integers(1, 6), corners, st.integers(1, 9)), max_size=12)


def _by_coco(truth: Annotations, found: list[dict[str, Any]], folder: Path) -> list[float]:
    evaluation: Any = pytest.importorskip("pycocotools.cocoeval")
    library: Any = pytest.importorskip("pycocotools.coco")
    (folder / "truth.json").write_text(coco.text(truth))
    judge = evaluation.COCOeval(true := library.COCO(folder / "truth.json"), true.loadRes(found), "bbox")
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return [float(number) for number in judge.stats]


@examples(40)
@given(best=best_labels(), detected=detections)
def test_detections_on_all_images_get_the_scores_of_the_reviewed_ones(
    tmp_path_factory: pytest.TempPathFactory, best: Annotations, detected: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("judged")
    regions, reviewed = with_regions(best), dict(subsets(best))["reviewed"]
    assert [image.name for image in regions.images] == [image.name for image in best.images]
    there = {image.id for image in reviewed.images}
    found = [
        {"image_id": id, "category_id": 1, "bbox": [box[0], box[1], box[2] - box[0], box[3] - box[1]], "score": s / 9}
        for id, box, s in detected
        if id <= len(best.images)
    ]
    seen = [one for one in found if one["image_id"] in there]
    if seen:  # pycocotools cannot read an empty list of results
        assert _by_coco(regions, found, folder) == _by_coco(reviewed, seen, folder)
    (folder / "regions.json").write_text(coco.text(regions))
    (folder / "found.json").write_text(json.dumps(found))
    truth = read_labels(folder / "regions.json")
    results = read_labels(folder / "found.json", truth=truth, inside=False)
    of_reviewed = judge_labels(reviewed, results).scores
    for with_unreviewed in (False, True):
        judged = judge_labels(truth, results, with_unreviewed=with_unreviewed).scores
        assert (judged.ap, judged.ap50_by_size, judged.ar_by_limit, judged.boxes) == (
            of_reviewed.ap, of_reviewed.ap50_by_size, of_reviewed.ar_by_limit, of_reviewed.boxes
        )  # fmt: skip


def test_a_persons_boxes_on_an_unfinished_image_count() -> None:
    begun = _image(1, "manual", [(10, 10, 30, 40)], reviewed=False)
    (image,) = with_regions(Annotations((begun,))).images
    drawn, region = image.boxes
    assert (drawn.corners, drawn.ignore, drawn.crowd) == ((10, 10, 30, 40), False, False)
    assert (region.corners, region.ignore, region.crowd) == ((0, 0, *image.size), True, True)


@pytest.mark.parametrize("tier", ["machine", "audited"])
def test_no_evaluation_set_has_a_machines_boxes(tier: Tier) -> None:
    best = Annotations((_image(1, tier, [(10, 10, 30, 40)], reviewed=False), _image(2, "refined", [], reviewed=True)))
    for chosen in (with_regions(best), *(part for _, part in subsets(best))):
        assert not any(box.corners == (10, 10, 30, 40) for image in chosen.images for box in image.boxes)


def test_an_image_has_one_id_in_all_files_of_a_release(small_release: Path) -> None:
    ids: dict[str, set[int]] = {}
    files = sorted((small_release / "coco").glob("*.json"))
    assert {file.name for file in files} >= {"faces_regions.json", "faces_regions_train.json", "faces_reviewed.json"}
    for file in files:
        for image in json.loads(file.read_text())["images"]:
            ids.setdefault(image["file_name"], set()).add(image["id"])
    assert sorted(ids.values(), key=min) == [{number} for number in range(1, 9)]
