"""The loader, and the training loop of the examples page."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.home import Home
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.dataset import LapDataset
from lap_assets.labels.formats import coco
from tests.release.making import inputs, release

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples.md"
BOXES = (Box(1, 2, 5, 6), Box(0, 0, 4, 4, 3, score=0.2), Box(0, 0, 9, 9, ignore=True), Box(2, 2, 2, 8))
LABELS = Annotations(
    (LabeledImage("0/a.png", 10, 20, BOXES, reviewed=True), LabeledImage("0/b.png", 10, 20, (), reviewed=False)),
    {3: "boy", 7: "girl"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0").mkdir()
    for name in ("a", "b"):
        Image.new("RGB", (10, 20), (255, 0, 51)).save(tmp_path / "0" / f"{name}.png")
    coco.write(LABELS, tmp_path / "coco" / "faces_train.json")
    return tmp_path


def test_it_returns_what_torchvision_expects(folder: Path) -> None:
    faces = LapDataset(folder)
    image, target = faces[0]
    assert len(faces) == 2
    assert image.shape == (3, 20, 10)
    assert image[:, 0, 0].tolist() == pytest.approx([1.0, 0.0, 0.2])
    assert target["boxes"].tolist() == [[1, 2, 5, 6], [0, 0, 4, 4]]
    assert target["labels"].tolist() == [1, 1]
    assert target["area"].tolist() == [16, 16]
    assert faces[1][1]["boxes"].shape == (0, 4)
    assert faces.categories == ["background", "face"]


def test_classes_scores_and_reviewed_images_are_chosen(folder: Path) -> None:
    by_class = LapDataset(folder, classes=True)
    assert by_class[0][1]["labels"].tolist() == [1, 2]
    assert by_class.categories == ["background", "face", "boy", "girl"]
    assert LapDataset(folder, least_score=0.5)[0][1]["boxes"].tolist() == [[1, 2, 5, 6]]
    assert len(LapDataset(folder, reviewed=True)) == 1
    doubled = LapDataset(folder, transform=lambda image, target: (image * 2, target))
    assert float(doubled[0][0].max()) == 2.0
    assert len(LapDataset.of(folder, replace(LABELS, images=LABELS.images[:1]))) == 1


def test_the_training_loop_of_the_examples_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", EXAMPLES.read_text(), re.S)
    (code,) = [block for block in blocks if "LapDataset" in block]
    assert len(code.split("\n\n", 1)[1].strip().splitlines()) <= 10
    home = Home(tmp_path / "lap_demo")
    names = [f"MAL{number:05}_0001_{number:06}.jpg" for number in range(1, 13)]
    release(home, inputs(home, names))
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(1)
    scope: dict[str, object] = {}
    exec(code, scope)
    loss = scope["loss"]
    assert isinstance(loss, torch.Tensor)
    assert torch.isfinite(loss)
    assert loss.requires_grad
