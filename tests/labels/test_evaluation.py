"""Average precision compared with a slow reference and, if installed, with pycocotools."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.labels.evaluation import ap50
from lap_assets.labels.matching import iou, xywh
from tests.profiles import examples

# Small whole numbers: boxes overlap, contain each other and are equal; scores tie.
sides = st.integers(1, 6)
boxes = st.tuples(st.integers(0, 6), st.integers(0, 6), sides, sides).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)
scores = st.integers(0, 8).map(lambda eighths: eighths / 8)
found_boxes = st.lists(st.tuples(boxes, scores).map(lambda one: (*one[0], one[1])), max_size=7)
pictures = st.lists(st.tuples(found_boxes, st.lists(boxes, max_size=4)), min_size=1, max_size=4)


def arrays(given_pictures: Any) -> tuple[list[Any], list[Any]]:
    found = [np.array(one, np.float32).reshape(-1, 5) for one, _ in given_pictures]
    return found, [np.array(true, np.float32).reshape(-1, 4) for _, true in given_pictures]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0, wide) * max(0, high)
    return shared / ((one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1]) - shared)


def slowly(given_pictures: Any) -> float | None:
    """The definition, step by step, in plain Python."""
    total = sum(len(true) for _, true in given_pictures)
    if total == 0:
        return None
    judged = []
    for found, true in given_pictures:
        free = list(true)
        for one in sorted(found, key=lambda box: -box[4]):
            near = [overlap(one, box) for box in free]
            hit = bool(near) and max(near) >= 0.5
            if hit:
                free.pop(len(near) - 1 - near[::-1].index(max(near)))
            judged.append((one[4], hit))
    judged.sort(key=lambda one: -one[0])
    right, curve = 0, []
    for position, (_, hit) in enumerate(judged, 1):
        right += hit
        curve.append((right / total, right / position))
    best = [max((precision for recall, precision in curve if recall >= at / 100), default=0.0) for at in range(101)]
    return sum(best) / 101


def by_coco(found: list[Any], true: list[Any]) -> float | None:
    coco = pytest.importorskip("pycocotools.coco").COCO()
    evaluation = pytest.importorskip("pycocotools.cocoeval")
    marked = [
        {**_row(n, box), "area": float((box[2:] - box[:2]).prod()), "iscrowd": 0}
        for n, boxes in enumerate(true)
        for box in boxes.astype(float)
    ]
    coco.dataset = {
        "images": [{"id": n} for n in range(len(true))],
        "categories": [{"id": 1}],
        "annotations": [{**one, "id": number} for number, one in enumerate(marked, 1)],
        "info": {},
    }
    coco.createIndex()
    results = [{**_row(n, box), "score": box[4]} for n, boxes in enumerate(found) for box in boxes.astype(float)]
    judge = evaluation.COCOeval(coco, coco.loadRes(results), "bbox")
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    return None if judge.stats[1] < 0 else float(judge.stats[1])


def _row(picture: int, box: Any) -> dict[str, Any]:
    return {"image_id": picture, "bbox": [*box[:2], *(box[2:4] - box[:2])], "category_id": 1}


@examples(300)
@given(pictures)
def test_it_equals_the_definition(given_pictures: Any) -> None:
    expected = slowly(given_pictures)
    result = ap50(*arrays(given_pictures))
    assert (result is None) is (expected is None)
    assert result == pytest.approx(expected)


def test_it_equals_pycocotools() -> None:
    pytest.importorskip("pycocotools.coco")
    rng = np.random.default_rng(5)
    for size in (1, 4, 30):
        true = [_random(rng, int(rng.integers(0, 5))) for _ in range(size)]
        found = []
        for boxes_there in true:
            near = boxes_there + rng.normal(0, 6, boxes_there.shape)
            every = np.concatenate([near, _random(rng, int(rng.integers(1, 120)))])
            every[:, 2:] = np.maximum(every[:, 2:], every[:, :2] + 1)
            found.append(np.column_stack([every, rng.integers(0, 20, len(every)) / 20]))
        assert ap50(found, true) == pytest.approx(by_coco(found, true), abs=1e-9)


def _random(rng: np.random.Generator, count: int) -> Any:
    corners = rng.uniform(0, 300, (count, 2))
    return np.concatenate([corners, corners + rng.uniform(10, 90, (count, 2))], axis=1)


def test_all_found_is_one_and_nothing_found_is_zero() -> None:
    true = [np.array([[0, 0, 10, 10], [20, 20, 40, 50]], float), np.empty((0, 4))]
    exact = [np.column_stack([true[0], [0.4, 0.9]]), np.empty((0, 5))]
    assert ap50(exact, true) == 1.0
    assert ap50([np.empty((0, 5))] * 2, true) == 0.0
    assert ap50([np.empty((0, 5))], [np.empty((0, 4))]) is None
    with pytest.raises(ValueError, match=r"shorter|longer"):
        ap50(exact, true[:1])


def test_only_the_hundred_best_of_a_picture_count() -> None:
    true = [np.array([[0, 0, 10, 10]], float)]
    elsewhere = np.tile([100.0, 100, 110, 110, 0.9], (100, 1))
    assert ap50([np.vstack([elsewhere, [[0, 0, 10, 10, 0.5]]])], true) == 0.0
    assert ap50([np.vstack([elsewhere[1:], [[0, 0, 10, 10, 0.5]]])], true) == pytest.approx(0.01)


def test_boxes_that_only_touch_do_not_overlap() -> None:
    one = np.array([[0, 0, 10, 10]], float)
    others = np.array([[10, 0, 20, 10], [0, 0, 10, 10], [0, 0, 5, 10]], float)
    assert iou(xywh(one), xywh(others)).tolist() == [[0, 1, 0.5]]
