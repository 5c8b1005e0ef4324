"""Audits of suggestions: wrong images, the bound from a sample, and the file of audits."""

import json
import os
from dataclasses import replace
from itertools import permutations
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box, iou
from lap_assets.core.errors import FileError
from lap_assets.labels.label_audit import CONFIDENCE, MET, SureImage, Sureness, agree, draw_label_audit
from lap_assets.labels.label_audit_file import accepted_images, read_label_audits, write_label_audits

sides = st.integers(0, 6)
boxes = st.builds(
    lambda x, y, w, h, c: Box(x, y, x + w, y + h, class_id=c), sides, sides, sides, sides, st.sampled_from([None, 1, 2])
)


def images(count: int) -> list[SureImage]:
    return [SureImage(f"0/{n:04}.jpg", f"{n:064x}", (Box(n, 0, n + 10, 10, score=0.95),)) for n in range(count)]


CONTENTS = {image.name: image.sha256 for image in images(2000)}


@given(st.lists(boxes, max_size=5), st.lists(boxes, max_size=5))
def test_boxes_agree_if_some_order_matches_all(suggested: list[Box], saved: list[Box]) -> None:
    def is_met(one: Box, other: Box) -> bool:
        is_there = one.corners == other.corners or iou(one, other) >= MET
        return is_there and (one.class_id is None or one.class_id == other.class_id)

    pairings = (zip(suggested, order, strict=False) for order in permutations(saved))
    needed = len(suggested) == len(saved) and any(all(is_met(*pair) for pair in pairs) for pairs in pairings)
    assert agree(suggested, saved) == needed


@given(st.lists(boxes, min_size=1, max_size=6), st.data())
def test_unchanged_suggestions_are_right_and_each_change_is_wrong(suggested: list[Box], data: st.DataObject) -> None:
    saved = data.draw(st.permutations([replace(box, score=None) for box in suggested]))
    assert agree(suggested, saved)
    assert not agree(suggested, saved[1:])
    assert not agree(suggested, [*saved, Box(0, 0, 5, 5)])
    moved = saved[0].with_corners(900, 900, 910, 910)
    assert not agree(suggested, [moved, *saved[1:]])
    classed = [replace(box, class_id=1) for box in suggested]
    assert not agree(classed, [replace(classed[0], class_id=7), *classed[1:]])


def test_a_long_chain_of_overlapping_boxes_is_paired_without_deep_calls() -> None:
    suggested = [Box(2 * n, 0, 2 * n + 10, 10) for n in range(1500)]
    assert agree(suggested, [box.with_corners(box.xmin + 2, 0, box.xmax + 2, 10) for box in suggested])


@given(st.integers(1, 60), st.data())
def test_the_bound_fails_for_one_sample_in_twenty_at_most(population: int, data: st.DataObject) -> None:
    """By counting all samples, for any number of wrong images."""
    size, wrong = data.draw(st.integers(1, population)), data.draw(st.integers(0, population))
    every = images(population)
    audit = draw_label_audit(every, Sureness(), "m", size)
    failing = 0
    for found in range(max(0, size + wrong - population), min(size, wrong) + 1):
        saved = {name: () if n < found else box_of(name) for n, name in enumerate(audit.sample)}
        result = audit.judged(saved, saved, CONTENTS).result
        assert (result.answered, result.wrong, result.left) == (size, found, population - size)
        assert result.wrong_at_most is not None
        if wrong - found > result.wrong_at_most:
            failing += comb(wrong, found) * comb(population - wrong, size - found)
    assert failing <= (1 - CONFIDENCE) * comb(population, size)


def box_of(name: str) -> tuple[Box, ...]:
    return (Box(int(name[2:6]), 0, int(name[2:6]) + 10, 10),)


def test_numbers_of_a_sample_of_a_hundred() -> None:
    audit = draw_label_audit(images(2000), Sureness(), "tiny 1", 100, seed=1)
    saved = {name: box_of(name) for name in audit.sample}
    judged = audit.judged(saved, saved, CONTENTS)
    assert judged.result.wrong_at_most == 59  # 1 - .05 ** (1 / 100) of 2,000
    assert str(judged) == (
        "of 2,000 images of which tiny 1 is sure (every score from 0.9), 0 of a random sample of 100 were wrong: at "
        "most 59 of the 1,900 others are (95% confidence)"
    )


def test_there_is_no_bound_while_images_wait_and_removed_ones_do_not_count() -> None:
    audit = draw_label_audit(images(50), Sureness(), "tiny 1", 4, seed=1)
    one, two, three, four = audit.sample
    saved = {one: box_of(one), two: ()}
    contents = {name: sha256 for name, sha256 in CONTENTS.items() if name != four}
    others = [image.name for image in audit.others]
    waiting = audit.judged(saved, {*saved, others[0]}, {**contents, others[1]: "f" * 64}).result
    assert (waiting.answered, waiting.waiting, waiting.wrong, waiting.left) == (2, 1, 1, 44)
    assert (waiting.wrong_at_most, waiting.share) == (None, 1.0)
    saved[three] = box_of(three)
    done = audit.judged(saved, saved, contents)
    assert (done.result.answered, done.result.waiting) == (3, 0)
    assert done.result.wrong_at_most is not None
    nobody = audit.judged({}, (), {image.name: image.sha256 for image in audit.others}).result
    assert nobody.wrong_at_most == nobody.left == 46  # an empty sample has no bound


def test_accepted_images_are_those_outside_the_sample_until_withdrawn(tmp_path: Path) -> None:
    path = tmp_path / "labels_faces.audits.json"
    assert read_label_audits(path) == []
    audit = draw_label_audit(images(9), Sureness(0.5, 0.25), "tiny 1", 3)
    saved = {name: box_of(name) for name in audit.sample}
    audit = audit.judged(saved, saved, CONTENTS)
    assert accepted_images([audit]) == {}
    accepted = replace(audit, accepted=audit.drawn)
    write_label_audits(path, [audit.shortened(), accepted.shortened()])
    first, second = read_label_audits(path)
    assert {image.name for image in first.images} == set(audit.sample)
    assert second == accepted
    assert accepted_images([first, second]).keys() == {image.name for image in images(9)} - set(audit.sample)


@pytest.mark.parametrize("text", ["", "[]", '{"audits": 3}', '{"audits": [{"id": "x"}, 3]}', "[" * 9999])
def test_a_file_of_another_kind_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FileError, match=r"a\.json: not a file of audits"):
        read_label_audits(tmp_path / "a.json")


BOX = [0, 0, 10, 10, None, 0.95]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("id", "../x"), ("id", 3), ("drawn", "yesterday"), ("model", ""), ("model", "\x1b[2J"), ("least_score", 2),
        ("least_class", "half"), ("population", 1), ("population", 10**40), ("earlier", -1), ("sample", ["0/9999.jpg"]),
        ("sample", ["0/0000.jpg", "0/0000.jpg"]), ("sample", [3]), ("accepted", 3), ("accepted", "now"), ("result", {}),
        ("result", None), ("result", {"answered": 1, "waiting": 0, "wrong": 2, "left": 2, "wrong_at_most": 0}),
        ("images", [3]), ("images", None), ("images", [["../../etc/passwd", "0" * 64, [BOX]]]),
        ("images", [["0/0000.jpg", "short", [BOX]]]), ("images", [["0/0000.jpg", "0" * 64, [BOX[:5]]]]),
        ("images", [["0/0000.jpg", "0" * 64, [[*BOX[:5], 7]]]]),
        ("images", [["0/0000.jpg", "0" * 64, [[True, *BOX[1:]]]]]),
        ("images", [["0/0000.jpg", "0" * 64, [[9, 0, 1, 10, None, 0.5]]]]),
        ("images", [["0/0000.jpg", "0" * 64, [["0", *BOX[1:]]]]]), ("images", [["0/0000.jpg", "0" * 64, [BOX]]] * 2),
    ],
)  # fmt: skip
def test_each_value_of_an_audit_is_checked(tmp_path: Path, place: str, value: Any) -> None:
    path = tmp_path / "a.json"
    write_label_audits(path, [draw_label_audit(images(2), Sureness(), "tiny 1", 2)])
    read = json.loads(path.read_text())
    read["audits"][0][place] = value
    path.write_text(json.dumps(read))
    with pytest.raises(FileError, match=r"a\.json: not a file of audits .* move it away to begin anew"):
        read_label_audits(path)


def test_an_acceptance_without_a_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    drawn = draw_label_audit(images(5), Sureness(), "tiny 1", 2)
    write_label_audits(path, [replace(drawn, accepted=drawn.drawn)])
    with pytest.raises(FileError, match="not a file of audits"):
        read_label_audits(path)


def test_a_broken_link_is_not_read_as_no_audits(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to("gone.json")
    with pytest.raises(FileError, match=r"a\.json: a link to gone\.json, which is not there"):
        read_label_audits(tmp_path / "a.json")


def test_a_fifo_in_the_place_of_audits_is_named_and_nobody_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(FileError, match=r"a\.json: a FIFO, not a file"):
        read_label_audits(tmp_path / "a.json")
