"""Classes that people assigned to boxes train a classifier file, which is right on other anime."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load_file, save_file

from lap_assets.core.box import Box
from lap_assets.core.errors import WeightsError
from lap_assets.core.home import Home
from lap_assets.core.progress import Silent
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import write_labels
from lap_assets.models.tiny.box_features import both_sides, feature_count
from lap_assets.models.tiny.classifier import (
    ClassifierFile,
    ClassWeights,
    classifier_beside,
    load_classifier,
    read_classifier,
    write_classifier,
)  # fmt: skip
from lap_assets.models.tiny.crop_features import LENGTH, SIDE, crop_of, features_of
from lap_assets.models.tiny.trained import note_of, read_note
from lap_assets.models.tiny.traits import read_trait_file
from lap_assets.training.class_training import LEAST, PENALTIES, classed_crops, fit_classes, trained_classes
from lap_assets.training.finetune import TuningPlan
from lap_assets.training.label_training import LabelSource, Training, train_on_labels
from tests.training.labeled_pictures import poster_name

COLORS = {3: (220, 60, 40), 7: (40, 80, 220), 12: (50, 200, 70)}


def draw_classed(folder: Path, pictures: int, *, rare: int = 0, told_by_color: bool = True) -> list[LabeledImage]:
    """Draw pictures with two squares whose color is their class, or is unrelated to it; the last `rare` boxes are of
    class 12.
    """
    rng = np.random.default_rng(8)
    images = []
    for number in range(pictures):
        pixels = rng.integers(90, 150, (160, 160, 3)).astype(np.uint8)
        boxes = []
        for left in (10, 90):
            class_id = 12 if 2 * number + (left > 50) >= 2 * pictures - rare else int(rng.choice([3, 7]))
            top = int(rng.integers(10, 100))
            pixels[top : top + 40, left : left + 40] = COLORS[class_id if told_by_color else 12]
            boxes.append(Box(left, top, left + 40, top + 40, class_id=class_id))
        path = folder / poster_name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, quality=95)
        images.append(LabeledImage(poster_name(number), 160, 160, tuple(boxes), reviewed=True))
    return images


def test_the_classifier_classifies_other_boxes_and_survives_its_file(tmp_path: Path) -> None:
    images = draw_classed(tmp_path, 20)
    crops = classed_crops(images, tmp_path, Silent())
    choosing, judging = {image.name for image in images[12:16]}, {image.name for image in images[16:]}
    trained = trained_classes(crops, choosing, judging, "faces")
    assert trained is not None
    assert (trained.described.classes, trained.judged, trained.right) == ((3, 7), 8, 8)
    assert trained.described.about["penalty"] in PENALTIES
    assert trained.described.about["boxes"] == 32
    path = classifier_beside(tmp_path / "mine.safetensors")
    write_classifier(trained.numbers, path, trained.described)
    again = trained_classes(classed_crops(images, tmp_path, Silent()), choosing, judging, "faces")
    assert again is not None
    content = path.read_bytes()
    write_classifier(again.numbers, path, again.described)
    assert path.read_bytes() == content
    loaded = load_classifier(path, "faces")
    classes = loaded.predict(Image.open(tmp_path / images[0].name), images[0].boxes)
    assert [one.class_id for one in classes] == [box.class_id for box in images[0].boxes]
    assert all(0.5 < one.probability <= 1 for one in classes)
    assert loaded.of_features([]) == []
    with pytest.raises(WeightsError, match="tells classes of faces, not of heads"):
        load_classifier(path, "heads")


def test_without_distinguishing_features_the_probabilities_are_low(tmp_path: Path) -> None:
    images = draw_classed(tmp_path, 40, told_by_color=False)
    crops = classed_crops(images, tmp_path, Silent())
    names = [image.name for image in images]
    trained = trained_classes(crops, set(names[20:30]), set(names[30:]), "faces")
    assert trained is not None
    sure = [
        trained.numbers.probabilities(crop.features).mean(axis=0).max() for crop in crops if crop.name in names[30:]
    ]
    assert np.mean(sure) < 0.75


def test_rare_classes_ignored_boxes_and_boxes_without_a_class_are_not_learned(tmp_path: Path) -> None:
    images = draw_classed(tmp_path, 16, rare=LEAST - 1)
    images[0] = LabeledImage(
        images[0].name, 160, 160,
        (Box(0, 0, 9, 9), Box(10, 0, 29, 29, class_id=3, ignore=True), Box(500, 500, 540, 540, class_id=3)),
    )  # fmt: skip
    crops = classed_crops(images, tmp_path, Silent())
    assert {crop.class_id for crop in crops} == {3, 7}
    assert images[0].name not in {crop.name for crop in crops}
    images = draw_classed(tmp_path, 16, rare=LEAST)
    assert 12 in {crop.class_id for crop in classed_crops(images, tmp_path, Silent())}


def test_one_class_alone_teaches_nothing(tmp_path: Path) -> None:
    crops = classed_crops(draw_classed(tmp_path, 16), tmp_path, Silent())
    assert trained_classes([crop for crop in crops if crop.class_id == 3], (), (), "faces") is None
    assert trained_classes((), (), (), "faces") is None
    everything = {crop.name for crop in crops}
    assert trained_classes(crops, (), everything, "faces") is None
    chosen = trained_classes(crops, everything, (), "faces")  # choosing images teach if there are no others
    assert chosen is not None
    assert chosen.described.about["boxes"] == len(crops)


@given(
    counts=st.lists(st.integers(1, 30), min_size=2, max_size=5), penalty=st.sampled_from(PENALTIES), width=st.just(3)
)
def test_without_a_difference_the_fit_returns_the_frequency_of_each_class(
    counts: list[int], penalty: float, width: int
) -> None:
    places = np.repeat(np.arange(len(counts)), counts)
    weights, bias = fit_classes(np.zeros((len(places), width)), places, len(counts), penalty)
    assert np.abs(weights).max() == 0
    shares = np.exp(bias) / np.exp(bias).sum()
    assert shares == pytest.approx(np.array(counts) / sum(counts), abs=2e-3)


def trained_lines(folder: Path, told_by_color: bool) -> tuple[list[str], Path]:
    """Return a training's report on labels whose classes can be learned, or not, and the path of its classifier."""
    images = draw_classed(folder / "pictures", 60, told_by_color=told_by_color)
    if not told_by_color:  # on every judging image, the classes contradict the learned ones
        images = [
            replace(one, boxes=tuple(_other(box, place) for box in one.boxes)) for place, one in enumerate(images)
        ]
    truth, out = folder / "truth.json", folder / "mine.safetensors"
    write_labels(Annotations(tuple(images), {3: "boy", 7: "girl", 9: "animal"}), truth, "coco", force=True)
    classifier_beside(out).write_bytes(b"an earlier one")
    plan = TuningPlan("faces", steps=1, every=1, pictures=1)
    training = Training(LabelSource(truth, folder / "pictures"), plan, out=out, device="cpu", force=True)
    return list(train_on_labels(training, Home(folder / "home"), Silent())), classifier_beside(out)


def _other(box: Box, place: int) -> Box:
    return box.with_class((3, 7, 9)[place % 3])


@pytest.mark.slow
def test_a_classifier_with_less_than_half_right_is_not_kept(tmp_path: Path) -> None:
    lines, path = trained_lines(tmp_path / "told", told_by_color=True)
    assert any("2 classes learned from" in line for line in lines)
    assert load_classifier(path, "faces").described.classes == (3, 7)
    lines, path = trained_lines(tmp_path / "not", told_by_color=False)
    assert [line for line in lines if "no classes are suggested yet" in line]
    assert not path.exists()


def test_a_crop_is_a_square_around_its_box_also_beyond_the_picture() -> None:
    picture = Image.new("RGB", (100, 60), (200, 10, 10))
    for box in (Box(0, 0, 100, 60), Box(-5, -5, 3, 3), Box(40, 20, 40, 20), Box(95, 55, 99, 59)):
        crop = crop_of(picture, box)
        assert crop.shape == (SIDE, SIDE, 3)
        assert np.isfinite(both_sides(crop)).all()
    assert (crop_of(picture, Box(45, 28, 55, 34)) == (200, 10, 10)).all()


@given(seed=st.integers(0, 2**32 - 1), level=st.sampled_from([0, 1, 60, 256]))
def test_every_crop_has_finite_features_and_its_mirror_image_the_mirrored_ones(seed: int, level: int) -> None:
    crop = np.random.default_rng(seed).integers(0, max(1, level), (SIDE, SIDE, 3)).astype(np.uint8)
    features, mirrored = features_of(crop), features_of(crop[:, ::-1])
    assert features.shape == (LENGTH,)
    assert np.isfinite(features).all()
    colors = features[:48].reshape(4, 4, 3)
    assert mirrored[:48] == pytest.approx(colors[:, ::-1].ravel(), abs=1e-3)


@pytest.mark.parametrize("content", [b"", b"\x80\x04cposix\nsystem\n", b"\x10\0\0\0\0\0\0\0{", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_of_another_kind_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.classes.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"x\.classes\.safetensors"):
        read_classifier(path)


@pytest.mark.parametrize("kind", ["lap-classifier 1", "lap-classifier 2"])
def test_a_file_of_an_earlier_version_asks_to_be_retrained(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.classes.safetensors"
    note = note_of(kind=kind, target="heads", classes=[3, 7], about={})
    save_file({"head.bias": np.zeros(2, np.float32)}, path, note)
    with pytest.raises(WeightsError, match="another version; make it again with `lap train heads`"):
        load_classifier(path, "heads")


def test_what_was_learned_with_another_trait_network_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.classes.safetensors"
    write_classifier(_numbers(2), path, ClassifierFile("faces", (3, 7), {}))
    assert read_classifier(path).classes == (3, 7)
    note = read_note(path)
    save_file(load_file(path), path, note_of(**{**note, "traits": "0" * len(note["traits"])}))
    with pytest.raises(WeightsError, match="another version; make it again with `lap train faces`"):
        read_classifier(path)


def _numbers(classes: int) -> ClassWeights:
    features = feature_count()
    return ClassWeights(np.zeros(features), np.ones(features), np.zeros((features, classes)), np.zeros(classes))


@pytest.mark.parametrize("classes", [(3, 7, 9), (3,), (3, 3)])
def test_classes_that_do_not_fit_the_numbers_are_refused(tmp_path: Path, classes: tuple[int, ...]) -> None:
    path = tmp_path / "x.safetensors"
    write_classifier(_numbers(2), path, ClassifierFile("faces", classes, {}))
    with pytest.raises(WeightsError):
        load_classifier(path, "faces")


DAMAGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "missing": lambda arrays: arrays.pop("bias"),
    "foreign": lambda arrays: arrays.update(other=np.zeros(1)),
    "not finite": lambda arrays: arrays.update(mean=np.full(feature_count(), np.nan)),
    "whole numbers": lambda arrays: arrays.update(scale=np.ones(feature_count(), np.int64)),
    "another length": lambda arrays: arrays.update(mean=np.zeros(feature_count() - 1)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_numbers_that_do_not_fit_are_refused(tmp_path: Path, damage: str) -> None:
    path, numbers = tmp_path / "x.safetensors", _numbers(2)
    arrays = {name: getattr(numbers, name) for name in ("mean", "scale", "weights", "bias")}
    DAMAGES[damage](arrays)
    note = note_of(kind="lap-classifier 3", target="faces", classes=[3, 7], about={}, traits=read_trait_file().digest)
    save_file(arrays, path, note)
    with pytest.raises(WeightsError, match=r"x\.safetensors"):
        load_classifier(path, "faces")
