"""A training from labels: equal seeds yield equal weights, even after a kill; the best look is kept."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, Stopped
from lap_assets.core.progress import Silent
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.models.darknet.decode import Head
from lap_assets.models.tiny.trained import plain_state
from lap_assets.training.detection import single_loss
from lap_assets.training.examples import IGNORED, examples_of
from lap_assets.training.finetune import Tuned, TuningPlan, best_of, is_over, rate, tuned
from lap_assets.training.held_out import Parts, parted
from lap_assets.training.looks import Look, look_of
from lap_assets.training.starts import start_of
from lap_assets.training.tuning_state import TuningState, fingerprint
from tests.training.labeled_pictures import draw, poster_name

SHORT = TuningPlan("faces", steps=4, pictures=2, every=2)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    folder = tmp_path_factory.mktemp("pictures")
    return parted(examples_of(draw(folder, 5), folder, "faces", Silent()))


def run(parts: Parts, path: Path, plan: TuningPlan, stop_at: int = 10**9) -> tuple[Tuned, TuningState]:
    """Run a training with its checkpoint at a path; stop it before a given step."""
    network, _ = start_of("lap-tiny", plan.target)
    state = TuningState(path, fingerprint(parts, network, plan))
    steps: Iterator[int] = iter(range(10**9))
    return tuned(network, parts, plan, state, Silent(), is_stopping=lambda: next(steps) >= stop_at), state


def equal(one: Tuned, other: Tuned) -> bool:
    """Return whether two results are bitwise equal."""
    states = plain_state(one.network), plain_state(other.network)
    return one.looks == other.looks and all(torch.equal(states[0][key], states[1][key]) for key in states[0])


@pytest.mark.slow
def test_equal_seeds_yield_equal_weights_even_after_a_stop(parts: Parts, tmp_path: Path) -> None:
    whole, _ = run(parts, tmp_path / "whole.safetensors", SHORT)
    assert [look.step for look in whole.looks] == [0, 2, 4]
    with pytest.raises(Stopped, match="stopped after 3 of 4 steps; the same command resumes"):
        run(parts, tmp_path / "cut.safetensors", SHORT, stop_at=3)
    resumed, state = run(parts, tmp_path / "cut.safetensors", SHORT)
    assert not state.note
    assert equal(whole, resumed)
    other, state = run(parts, tmp_path / "cut.safetensors", replace(SHORT, seed=2))
    assert "it is from other labels or settings" in state.note
    assert not equal(whole, other)


def test_a_damaged_checkpoint_does_not_stop_a_training(parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "cut.safetensors"
    plan = replace(SHORT, steps=1, every=1)
    for damaged in (b"", b"\x80\x04cposix\nsystem\n", b"\x02\0\0\0\0\0\0\0{}", b"\x10\0\0\0\0\0\0\0{"):
        path.write_bytes(damaged)
        network, _ = start_of("lap-tiny", "faces")
        state = TuningState(path, fingerprint(parts, network, plan))
        assert state.resume(network, torch.optim.AdamW(network.parameters())) == []
        assert "the training starts over" in state.note


@pytest.mark.slow
def test_a_hundred_steps_learn_a_new_style(tmp_path: Path) -> None:
    parts = parted(examples_of(draw(tmp_path, 20), tmp_path, "faces", Silent()))
    result, _ = run(parts, tmp_path / "cut.safetensors", TuningPlan("faces", steps=100, pictures=6, every=50))
    assert result.looks[0].ap50 < 0.2
    assert result.best.ap50 > 0.8
    assert result.best.found >= result.best.boxes - 1


@given(st.integers(1, 500), st.floats(1e-5, 1e-1))
def test_the_rate_rises_to_its_peak_and_falls(steps: int, peak: float) -> None:
    rates = [rate(step, steps, peak) for step in range(steps)]
    top = int(np.argmax(rates))
    assert max(rates) == pytest.approx(peak)
    assert all(before < after for before, after in pairwise(rates[: top + 1]))
    assert all(before >= after > 0 for before, after in pairwise(rates[top:]))


def looks(*scores: float) -> list[Look]:
    """Return looks 50 steps apart."""
    return [Look(50 * number, score, 9, 0, 0) for number, score in enumerate(scores)]


def test_patience_ends_a_training_and_the_best_look_is_kept() -> None:
    plan = TuningPlan("faces", steps=400, every=50, patience=2)
    assert not is_over(looks(0.5), plan)
    assert not is_over(looks(0.1, 0.6, 0.5), plan)
    assert not is_over(looks(0.1, 0.6, 0.5, 0.6), plan)  # the rate is still high
    assert is_over(looks(0.1, 0.6, 0.5, 0.6, 0.6), plan)
    assert not is_over(looks(0.1, 0.6, 0.5, 0.7, 0.6), plan)
    assert is_over(looks(*[n / 10 for n in range(9)]), plan)
    assert best_of(looks(0.1, 0.6, 0.5, 0.6)).step == 150
    assert best_of(looks(0.7, 0.6)).step == 0


def test_a_training_ends_when_nothing_is_left_to_gain() -> None:
    plan = TuningPlan("faces", steps=400, every=50)

    def seen(*found: int, boxes: int = 30, false: int = 0) -> list[Look]:
        return [Look(50 * n, one / boxes, boxes, one, false) for n, one in enumerate(found)]

    assert is_over(seen(9, 30, 30), plan)
    assert not is_over(seen(9, 30), plan)
    assert not is_over(seen(30, 30), plan)  # only the start was perfect, and nothing was learned
    assert not is_over(seen(9, 30, 29, 30), plan)
    assert is_over(seen(9, 30, 30, false=1), plan)
    assert not is_over(seen(9, 30, 30, false=2), plan)
    assert not is_over(seen(2, 9, 9, boxes=9), plan)


def test_a_box_near_an_ignored_one_counts_neither_way() -> None:
    head = Head(((20.0, 20.0),), 1, 16)
    raw = torch.zeros(1, 6, 8, 8)
    raw[:, 4:] = -12.0
    raw[0, 4:, 5, 3] = 12.0  # sure of a box of 20 px about (56, 88)
    near = torch.tensor([[[IGNORED, 46.0, 78.0, 66.0, 98.0]]])
    far = torch.tensor([[[IGNORED, 0.0, 0.0, 20.0, 20.0]]])
    boxes = torch.tensor([[[0.0, 46.0, 78.0, 66.0, 98.0]]])
    assert single_loss([raw], [head], near) < 0.01
    assert single_loss([raw], [head], boxes) < 0.01
    assert single_loss([raw], [head], far) > 10


def test_a_look_counts_the_boxes_that_a_person_would_see(parts: Parts) -> None:
    examples = [example for example in (*parts.learned, *parts.choosing, *parts.judging) if example.box_count]
    found = [
        np.array([(*example.boxes[0, 1:], 0.9), (0, 0, 9, 9, 0.5), (0, 0, 9, 9, 0.1)], np.float32)
        for example in examples
    ]
    look = look_of(found, examples)
    assert (look.boxes, look.found, look.false) == (len(examples), len(examples), len(examples))
    assert look.ap50 == 1.0
    assert look_of([one[1:] for one in found], examples).found == 0


def test_unusable_labels_are_an_error_of_one_line(tmp_path: Path) -> None:
    labels = draw(tmp_path, 3)
    for wrong, line in (
        (Annotations(()), "no reviewed images to learn from; label some with `lap label` first"),
        (unreviewed(labels), r"no reviewed images to learn from \(3 unreviewed\)"),
        (
            replace(labels, images=tuple(replace(image, boxes=()) for image in labels.images)),
            "no reviewed image has a box of faces",
        ),
        (replace(labels, images=(LabeledImage("gone.jpg", boxes=(Box(0, 0, 9, 9),)),)), "gone.jpg is not in"),
    ):
        with pytest.raises(InputError, match=line):
            examples_of(wrong, tmp_path, "faces", Silent())


def unreviewed(labels: Annotations) -> Annotations:
    """Return the labels as unreviewed."""
    return replace(labels, images=tuple(replace(image, reviewed=False) for image in labels.images))


def test_boxes_of_the_other_target_are_left_out_if_classes_name_both(tmp_path: Path) -> None:
    draw(tmp_path, 1)
    boxes = (Box(0, 0, 40, 40, class_id=3), Box(0, 0, 80, 80, class_id=4), Box(9, 9, 20, 20, class_id=4, ignore=True))
    labels = Annotations((LabeledImage(poster_name(0), boxes=boxes),), {3: "Face", 4: "head"})
    (faces,) = examples_of(labels, tmp_path, "faces", Silent())
    (heads,) = examples_of(labels, tmp_path, "heads", Silent())
    assert (len(faces.boxes), len(heads.boxes), heads.box_count) == (1, 2, 1)
    (people,) = examples_of(replace(labels, classes={3: "Rei", 4: "Asuka"}), tmp_path, "faces", Silent())
    assert len(people.boxes) == 3
