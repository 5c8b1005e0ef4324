"""Untrusted detector files: the size of layout and weights is checked before anything is allocated."""

import json
import os
import struct
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from lap_assets.core.errors import CfgError, FileError, WeightsError
from lap_assets.models.darknet.bounds import MOST_OUTPUTS
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.layout import yolov3
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.darknet.weights import read_weights
from lap_assets.models.state_dicts import load_checkpoint
from lap_assets.models.tiny import trained

NET = "[net]\nwidth=64\nheight=64\n"
YOLO = "[yolo]\nanchors={}\nclasses={}\n"


def convolution(filters: object = 18, size: object = 1, stride: object = 1, more: str = "") -> str:
    return f"[convolutional]\nfilters={filters}\nsize={size}\nstride={stride}\nactivation=linear\n{more}"


LAYOUTS = {
    "many filters": (NET + convolution(filters=2 * 10**9), "filters=2000000000: expected 1 to 65,536"),
    "no filters": (NET + convolution(filters=0), "filters=0"),
    "negative filters": (NET + convolution(filters=-5), "filters=-5"),
    "a number of 400 digits": (NET + convolution(filters="9" * 400), "expected 1 to 65,536"),
    "many weights": (NET + 2 * convolution(filters=30_000), "more than 500,000,000 numbers"),
    "a large kernel": (NET + convolution(size=10**6), "size=1000000"),
    "a stride of none": (NET + convolution(stride=0), "stride=0"),
    "padding": (NET + convolution(more="padding=100000000\n"), "padding=100000000"),
    "an upsample of none": (NET + "[upsample]\nstride=0\n", "stride=0"),
    "an upsample beyond the input": (NET + "[upsample]\nstride=2\n", "enlarges beyond"),
    "a large input": ("[net]\nwidth=1000000\nheight=64\n" + convolution(), "width=1000000"),
    "large outputs": ("[net]\nwidth=8192\nheight=8192\n" + convolution(), f"more than {MOST_OUTPUTS:,} numbers for a"),
    "many channels": ("[net]\nchannels=1000000000\n" + convolution(), "channels=1000000000"),
    "routes that double": (NET + convolution(8) + 60 * "[route]\nlayers=-1,-1\n", "[route] returns more than"),
    "many sections": (NET + 2000 * convolution(1), "more than 1,000 sections"),
    "many classes": (NET + convolution() + YOLO.format("1,2", 10**15), "classes=1000000000000000"),
    "anchors that are no numbers": (NET + convolution() + YOLO.format("nan,inf,1,2,3,4", 1), "anchors"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_beyond_bounds_is_refused_by_its_line(name: str, tmp_path: Path) -> None:
    cfg, message = LAYOUTS[name]
    with pytest.raises(CfgError) as caught:
        Darknet(parse_cfg(cfg))
    assert message in str(caught.value)
    path = tmp_path / "mine.safetensors"
    note = {"kind": "lap-detector 1", "target": "faces", "cfg": cfg, "about": {}}
    path.write_bytes(save({"a": torch.zeros(1)}, {"lap": json.dumps(note)}))
    with pytest.raises(WeightsError, match=r"mine\.safetensors: its layout cannot be built"):
        trained.load(path, "cpu")


@pytest.mark.parametrize("size", [416, 608])
def test_the_largest_network_that_lap_knows_is_within_them(size: int) -> None:
    with torch.device("meta"):
        network = Darknet(parse_cfg(yolov3(classes=1, size=size)))
    assert sum(value.numel() for value in network.parameters()) > 60_000_000


def test_a_detector_file_that_is_far_larger_than_its_layout_is_not_read(tmp_path: Path) -> None:
    note = {"kind": "lap-detector 1", "target": "faces", "cfg": NET + convolution(), "about": {}}
    tensors = {"layers.0.conv.weight": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 4 * 10**9]}}
    header = json.dumps({"__metadata__": {"lap": json.dumps(note)}, **tensors}).encode()
    path = tmp_path / "sparse.safetensors"
    with path.open("wb") as opened:
        opened.write(struct.pack("<Q", len(header)) + header)
        opened.truncate(8 + len(header) + 4 * 10**9)
    with pytest.raises(WeightsError, match="more than its layout needs"):
        trained.load(path, "cpu")


@pytest.mark.parametrize("note", ['{"kind": NaN}', '{"kind": "\\ud800"}', "[" * 9999, '{"kind": 1' + "0" * 400 + "}"])
def test_an_impossibly_long_note_is_not_laps(note: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(save({"a": torch.zeros(1)}, {"lap": note}))
    with pytest.raises(WeightsError, match="its header has no description"):
        trained.read_header(path)


def test_a_torch_file_with_compressed_entries_is_refused_before_unpacking(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain.pth", tmp_path / "packed.pth"
    torch.save({"state_dict": {"a": torch.zeros(16)}}, plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, b"\0" * 50_000_000 if name.endswith("data/0") else content)
    assert packed.stat().st_size < 1_000_000
    assert load_checkpoint(plain).keys() == {"a"}
    with pytest.raises(WeightsError, match="is compressed, which torch never does"):
        load_checkpoint(packed)


@pytest.mark.skipif(os.name != "posix", reason="FIFOs are POSIX")
@pytest.mark.parametrize("suffix", [".pth", ".safetensors", ".weights"])
def test_a_fifo_or_a_sparse_file_in_the_place_of_weights(suffix: str, tmp_path: Path) -> None:
    network = Darknet(parse_cfg(NET + convolution()))
    fifo, sparse = tmp_path / f"fifo{suffix}", tmp_path / f"sparse{suffix}"
    os.mkfifo(fifo)
    with sparse.open("wb") as opened:
        opened.truncate(6 << 30)
    for path, message in ((fifo, "a FIFO, not a file"), (sparse, str(sparse))):
        with pytest.raises((FileError, WeightsError), match=message):
            read_weights(path, network) if suffix == ".weights" else load_checkpoint(path)
