"""Differences that `make test-readers` must detect."""

from copy import deepcopy
from typing import Any

import pytest

from tests.readers.comparing import differences
from tests.readers.truth import Truth

BOX = (1.0, 2.0, 30.0, 40.0, "face")
TRUTH = Truth({"faces train": {"0/a.jpg": [BOX, BOX], "0/b.jpg": []}, "faces train sure": {"0/a.jpg": [BOX]}},
              {"0/a.jpg": (60, 80), "0/b.jpg": (60, 80)})  # fmt: skip
FOUND: dict[str, Any] = {
    "reads": ["all"], "problems": [], "sizes": {"0/a.jpg": [60, 80]},
    "parts": {"faces train": {"0/a.jpg": [[1.001, 2, 30, 40, "face"], list(BOX)], "0/b.jpg": []}},
}  # fmt: skip


def test_what_is_equal_to_a_hundredth_px_is_no_difference() -> None:
    assert differences(FOUND, TRUTH) == []


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("parts", "faces train", "0/b.jpg"), [list(BOX)], "0/b.jpg has no box"),
        (("parts", "faces train", "0/a.jpg"), [list(BOX)], "0/a.jpg lacks"),
        (("parts", "faces train", "0/a.jpg"), [list(BOX), [1, 2, 30, 41, "face"]], "0/a.jpg has no box"),
        (("parts", "faces train", "0/a.jpg"), [list(BOX), [*BOX[:4], "head"]], "0/a.jpg lacks"),
        (("parts", "faces train"), {"0/a.jpg": [list(BOX)] * 2}, "0/b.jpg is missing"),
        (("parts", "faces train", "0/c.jpg"), [], "0/c.jpg does not belong there"),
        (("parts", "faces val"), {}, "faces val: there is no such part"),
        (("parts",), {}, "faces train: not read"),
        (("reads",), ["all", "sure"], "faces train sure: not read"),
        (("sizes", "0/a.jpg"), [80, 60], "0/a.jpg: (80, 60) px"),
        (("problems",), ["a warning"], "a warning"),
    ],
)
def test_everything_else_is_one(place: tuple[str, ...], value: Any, expected: str) -> None:
    found = deepcopy(FOUND)
    part = found
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value
    assert any(expected in line for line in differences(found, TRUTH))
