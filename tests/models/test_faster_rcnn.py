"""hysts' Faster R-CNN from a file: rejected files, and the boxes of an untrained network.

Its results are compared in test_recorded.py and by `make parity`. The files have full shapes but few bytes.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from lap_assets.core.errors import WeightsError
from lap_assets.models.detectors.faster_rcnn import FasterRcnn, checkpoint_shapes

_PREDICTOR = "roi_head.bbox_head.fc_cls.weight"
State = dict[str, torch.Tensor]


@pytest.fixture
def state() -> State:
    """Zeros, each tensor expanded from one number; variances are 1."""
    return {
        key: torch.tensor(float(key.endswith("running_var"))).expand(shape)
        for key, shape in checkpoint_shapes().items()
    }


def _written(folder: Path, state: State) -> Path:
    path = folder / "mmdet_anime-face_faster-rcnn.pth"
    torch.save({"meta": {"CLASSES": ("face",)}, "state_dict": state}, path)
    return path


def test_a_file_of_the_hub_is_the_same_network(tmp_path: Path, state: State) -> None:
    """A safetensors file with the same names and numbers, without a nested level, is the same detector."""
    numbers = {key: value.clone().contiguous() for key, value in state.items()}
    numbers[_PREDICTOR] += torch.arange(2)[:, None]
    path = tmp_path / "hysts-faster-rcnn-hub.safetensors"
    save_file(numbers, path)
    (old, new) = (FasterRcnn.load(file, "cpu")._network.state_dict() for file in (_written(tmp_path, numbers), path))
    assert old.keys() == new.keys()
    assert all(torch.equal(old[key], new[key]) for key in old)


def test_without_weights_every_position_may_be_a_face(tmp_path: Path, state: State) -> None:
    counters = [key for key in state if key.endswith("num_batches_tracked")]
    detector = FasterRcnn.load(_written(tmp_path, {key: state[key] for key in state if key not in counters}), "cpu")
    found = detector.detect([Image.new("RGB", (600, 15))])[0]
    assert found.dtype == np.float32
    assert len(found) == 100
    np.testing.assert_allclose(found[:, 4], 0.5)
    assert (found[:, :4] >= 0).all()
    assert (found[:, :4] <= [600.01, 15.01] * 2).all()


def test_a_missing_key_is_named(tmp_path: Path, state: State) -> None:
    del state[_PREDICTOR]
    with pytest.raises(WeightsError, match=rf"mmdet_anime-face_faster-rcnn\.pth has no {_PREDICTOR}"):
        FasterRcnn.load(_written(tmp_path, state), "cpu")


def test_another_number_of_classes_is_named(tmp_path: Path, state: State) -> None:
    state[_PREDICTOR] = state[_PREDICTOR][:1].expand(81, 1024)
    with pytest.raises(WeightsError, match=rf"{_PREDICTOR} has shape \(81, 1024\), expected \(2, 1024\)"):
        FasterRcnn.load(_written(tmp_path, state), "cpu")


def test_a_foreign_key_is_named(tmp_path: Path, state: State) -> None:
    state["mask_head.conv.weight"] = torch.zeros(1)
    with pytest.raises(WeightsError, match=r"has mask_head\.conv\.weight"):
        FasterRcnn.load(_written(tmp_path, state), "cpu")
