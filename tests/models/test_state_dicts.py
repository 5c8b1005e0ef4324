"""Checkpoints are read without running their code; truncated, foreign or other models' files are one-line errors."""

import argparse
import os
import pickle
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from lap_assets.core.errors import WeightsError
from lap_assets.models.state_dicts import check_state, load_checkpoint

STATE: dict[str, Tensor] = {"weight": torch.arange(6.0).reshape(2, 3), "bias": torch.zeros(2)}


class TrainersOwn:
    """A class that no reader of the file has."""

    def __init__(self) -> None:
        self.steps = {"taken": 3}


def touch(path: Path) -> None:
    path.touch()


class Harmful:
    """Runs code when unpickled the usual way."""

    def __init__(self, call: Callable[[Path], None], path: Path) -> None:
        self.call, self.path = call, path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self.call, (self.path,)


def _same(found: dict[str, Tensor]) -> bool:
    return found.keys() == STATE.keys() and all(torch.equal(found[key], STATE[key]) for key in STATE)


@pytest.mark.parametrize(
    "content",
    [
        STATE,
        OrderedDict(STATE),
        {"state_dict": STATE, "meta": {"epoch": 3, "classes": ["face"]}},
        {"params_ema": STATE},
        {
            "state_dict": STATE,
            "hyper_parameters": argparse.Namespace(lr=0.1),
            "callbacks": {TrainersOwn: TrainersOwn()},
        },
    ],
    ids=["bare", "ordered", "beside words", "of an upscaler", "beside a trainer's own objects"],
)
def test_the_tensors_of_a_checkpoint(content: object, tmp_path: Path) -> None:
    torch.save(content, tmp_path / "some.pth")
    assert _same(load_checkpoint(tmp_path / "some.pth"))


def test_a_file_of_the_older_format(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    assert _same(load_checkpoint(tmp_path / "old.pth"))


def test_a_safetensors_file(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "some.safetensors")
    assert _same(load_checkpoint(tmp_path / "some.safetensors"))


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("call", [touch, os.mkdir])
def test_nothing_in_a_file_is_run(tmp_path: Path, call: Callable[[Path], None], zipped: bool) -> None:
    content = {"state_dict": STATE, "extra": Harmful(call, tmp_path / "done")}
    torch.save(content, tmp_path / "bad.pth", _use_new_zipfile_serialization=zipped)
    with suppress(WeightsError):  # it may be rejected, or be read without effect
        assert _same(load_checkpoint(tmp_path / "bad.pth"))
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.9, 0.999])
def test_a_cut_file_is_named_in_one_line(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"cut{suffix}"
    if suffix == ".pth":
        torch.save(STATE, path)
    else:
        save_file(STATE, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    _is_refused(path)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        b"\0" * 64,
        b"plain words",
        pickle.dumps({"weight": [1, 2]}),
        pickle.dumps(3),
        b"\x80\x02.",
        b"\x80\x04K",
    ],
)
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_foreign_file_is_named_in_one_line(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"foreign{suffix}"
    path.write_bytes(content)
    _is_refused(path)


@pytest.mark.parametrize("content", [[1, 2], torch.zeros(3), {"weight": 3}, {"state_dict": {0: torch.zeros(1)}}, None])
def test_a_checkpoint_without_named_tensors_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "other.pth")
    _is_refused(tmp_path / "other.pth")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _is_refused(tmp_path / "no.pth")


def _is_refused(path: Path) -> None:
    with pytest.raises(WeightsError) as refused:
        load_checkpoint(path)
    assert str(refused.value).startswith(f"{path}")
    assert "\n" not in str(refused.value)


def test_the_first_difference_is_named(tmp_path: Path) -> None:
    path = tmp_path / "some.pth"
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    state = model.state_dict()
    check_state(path, model, state)
    check_state(path, model, {key: value for key, value in state.items() if "num_batches" not in key})
    with pytest.raises(WeightsError, match=r"some\.pth has no 0\.bias"):
        check_state(path, model, {key: value for key, value in state.items() if key not in ("0.bias", "1.bias")})
    with pytest.raises(WeightsError, match=r"some\.pth: 0\.weight has shape \(3, 3\), expected \(2, 3\)"):
        check_state(path, model, {**state, "0.weight": torch.zeros(3, 3)})
    with pytest.raises(WeightsError, match=r"some\.pth has 2\.weight, which is not part of this model"):
        check_state(path, {key: value.shape for key, value in state.items()}, {**state, "2.weight": torch.zeros(1)})


def test_a_zip_with_a_damaged_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.pth"
    torch.save({"a": torch.zeros(2)}, path)
    spoiled = bytearray(path.read_bytes())
    spoiled[spoiled.rindex(b"PK\x06\x07") + 16] ^= 8  # the number of disks of the archive
    path.write_bytes(spoiled)
    with pytest.raises(WeightsError, match="cannot be read as weights"):
        load_checkpoint(path)
