"""Exported networks equal the trained ones: the split detectors, and the embedder."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from lap_assets.models.compat import ready_torchvision
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.tiny.detector import read_network
from lap_assets.training.export import half_of, write_detectors, write_embedder
from lap_assets.training.tiny_cfg import joint_cfg, single_cfg


def _joint() -> Darknet:
    torch.manual_seed(1)
    network = Darknet(parse_cfg(joint_cfg()))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean = torch.randn(module.num_features) * 0.1
            module.running_var = torch.rand(module.num_features) + 0.5
    return network.eval()


def test_the_halves_of_the_joint_network_equal_it() -> None:
    joint, pictures = _joint(), torch.rand(1, 3, 64, 96)
    with torch.inference_mode():
        both = joint(pictures)
        for place in (0, 1):
            single = Darknet(parse_cfg(single_cfg("heads" if place else "faces"))).eval()
            single.load_state_dict(half_of(joint.state_dict(), place))
            for raw, whole, head, wide in zip(single(pictures), both, single.heads, joint.heads, strict=True):
                assert torch.allclose(raw, whole.chunk(2, dim=1)[place], atol=1e-5)
                assert head.anchors == wide.anchors[3 * place : 3 * place + 3]


def test_written_detectors_are_read_back_within_a_halfs_rounding(tmp_path: Path) -> None:
    joint, pictures = _joint(), torch.rand(1, 3, 64, 64)
    write_detectors(joint, tmp_path)
    read = read_network(tmp_path / "heads.cfg", tmp_path / "heads.safetensors").eval()
    with torch.inference_mode():
        for ours, whole in zip(read(pictures), joint(pictures), strict=True):
            assert torch.allclose(ours, whole.chunk(2, dim=1)[1], atol=0.02)


def test_a_written_embedder_is_read_back_with_its_shape(tmp_path: Path) -> None:
    ready_torchvision()
    from lap_assets.models.tiny.embedder import embedder_of, load
    from lap_assets.models.tiny.network import Shape, TinyEmbedding, TinyNetwork

    torch.manual_seed(2)
    shape = Shape((8, 8, 16, 16), 1, 2, 12)
    embedding = TinyEmbedding(TinyNetwork(shape)).eval()
    write_embedder(embedding, shape, tmp_path / "embedder.safetensors")
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 60, 3), dtype=np.uint8))
    read = load(tmp_path / "embedder.safetensors", "cpu").embed([picture])
    kept = embedder_of(embedding, "cpu").embed([picture])
    assert read.shape == (1, 12)
    assert np.allclose(read, kept, atol=2e-3)
