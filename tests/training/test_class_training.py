"""Classes that people gave to boxes become a classifier file, and what it tells is right on other anime."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import WeightsError
from lap_assets.core.progress import Silent
from lap_assets.labels.annotations import LabeledImage
from lap_assets.models.tiny.classifier import (
    SIDE,
    ClassifierFile,
    classifier_beside,
    crop_of,
    load_classifier,
    read_classifier,
    write_classifier,
)  # fmt: skip
from lap_assets.models.tiny.trained import plain_state
from lap_assets.training.class_training import LEAST, ClassPlan, classed_crops, trained_classes
from tests.training.labeled_pictures import poster_name

COLORS = {3: (220, 60, 40), 7: (40, 80, 220), 12: (50, 200, 70)}
SHORT = ClassPlan("faces", steps=40, crops=12)


def draw_classed(folder: Path, pictures: int, *, rare: int = 0) -> list[LabeledImage]:
    """Pictures with two squares whose color is their class; the last `rare` boxes are of class 12."""
    rng = np.random.default_rng(8)
    images = []
    for number in range(pictures):
        pixels = rng.integers(90, 150, (160, 160, 3)).astype(np.uint8)
        boxes = []
        for left in (10, 90):
            class_id = 12 if 2 * number + (left > 50) >= 2 * pictures - rare else int(rng.choice([3, 7]))
            top = int(rng.integers(10, 100))
            pixels[top : top + 40, left : left + 40] = COLORS[class_id]
            boxes.append(Box(left, top, left + 40, top + 40, class_id=class_id))
        path = folder / poster_name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, quality=95)
        images.append(LabeledImage(poster_name(number), 160, 160, tuple(boxes), reviewed=True))
    return images


def test_what_is_learned_is_told_of_other_boxes_and_survives_its_file(tmp_path: Path) -> None:
    images = draw_classed(tmp_path, 16)
    crops = classed_crops(images, tmp_path)
    judging = {image.name for image in images[12:]}
    trained = trained_classes(crops, judging, SHORT, Silent())
    assert trained is not None
    assert (trained.described.classes, trained.judged, trained.right) == ((3, 7), 8, 8)
    again = trained_classes(crops, judging, SHORT, Silent())
    assert again is not None
    states = plain_state(trained.network), plain_state(again.network)
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    path = classifier_beside(tmp_path / "mine.safetensors")
    write_classifier(trained.network, path, trained.described)
    told = load_classifier(path, "faces", "cpu").told(Image.open(tmp_path / images[0].name), images[0].boxes)
    assert [one.class_id for one in told] == [box.class_id for box in images[0].boxes]
    assert all(0.5 < one.probability <= 1 for one in told)
    assert load_classifier(path, "faces", "cpu").of_crops([]) == []
    with pytest.raises(WeightsError, match="tells classes of faces, not of heads"):
        load_classifier(path, "heads", "cpu")


def test_rare_classes_boxes_that_are_ignored_and_boxes_without_a_class_do_not_teach(tmp_path: Path) -> None:
    images = draw_classed(tmp_path, 16, rare=LEAST - 1)
    images[0] = LabeledImage(
        images[0].name, 160, 160,
        (Box(0, 0, 9, 9), Box(10, 0, 29, 29, class_id=3, ignore=True), Box(500, 500, 540, 540, class_id=3)),
    )  # fmt: skip
    crops = classed_crops(images, tmp_path)
    assert {crop.class_id for crop in crops} == {3, 7}
    assert images[0].name not in {crop.name for crop in crops}
    assert 12 in {crop.class_id for crop in classed_crops(draw_classed(tmp_path, 16, rare=LEAST), tmp_path)}


def test_one_class_alone_teaches_nothing(tmp_path: Path) -> None:
    crops = [crop for crop in classed_crops(draw_classed(tmp_path, 16), tmp_path) if crop.class_id == 3]
    assert trained_classes(crops, (), SHORT, Silent()) is None
    assert trained_classes((), (), SHORT, Silent()) is None


def test_a_crop_is_a_square_around_its_box_also_beyond_the_picture() -> None:
    picture = Image.new("RGB", (100, 60), (200, 10, 10))
    for box in (Box(0, 0, 100, 60), Box(-5, -5, 3, 3), Box(40, 20, 40, 20), Box(95, 55, 99, 59)):
        assert crop_of(picture, box).shape == (SIDE, SIDE, 3)
    assert (crop_of(picture, Box(45, 28, 55, 34)) == (200, 10, 10)).all()


@pytest.mark.parametrize("content", [b"", b"\x80\x04cposix\nsystem\n", b"\x10\0\0\0\0\0\0\0{", b"\x02\0\0\0\0\0\0\0{}"])
def test_a_file_of_another_kind_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.classes.safetensors"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"x\.classes\.safetensors"):
        read_classifier(path)


def test_numbers_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    crops = classed_crops(draw_classed(tmp_path, 16), tmp_path)
    trained = trained_classes(crops, (), ClassPlan("faces", steps=1, crops=2), Silent())
    assert trained is not None
    path = tmp_path / "x.safetensors"
    for classes in ((3, 7, 9), (3,), (3, 3)):
        write_classifier(trained.network, path, ClassifierFile("faces", classes, {}))
        with pytest.raises(WeightsError):
            load_classifier(path, "faces", "cpu")
    with torch.no_grad():
        trained.network.head.bias[0] = float("nan")
    write_classifier(trained.network, path, trained.described)
    with pytest.raises(WeightsError, match="not finite"):
        load_classifier(path, "faces", "cpu")
