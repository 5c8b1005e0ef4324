"""The module of a cfg, section by section, and decoding its heads."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from lap_assets.core.errors import CfgError
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.decode import Head, decode
from lap_assets.models.darknet.layout import COCO_ANCHORS, yolov3
from lap_assets.models.darknet.module import Darknet

_YOLO = "[yolo]\nanchors=4,8\nclasses={}\n"


def _darknet(*sections: str, classes: int) -> Darknet:
    """Return a network that ends with these sections, as a raw head of `5 + classes` channels."""
    torch.manual_seed(0)
    text = "\n".join(["[net]\nwidth=32\nheight=32", *sections, _YOLO.format(classes)])
    return Darknet(parse_cfg(text)).eval()


def _conv(filters: int, **options: object) -> str:
    return f"[convolutional]\nfilters={filters}\n" + "\n".join(f"{key}={value}" for key, value in options.items())


LINEAR = _conv(6, activation="linear")


def test_yolov3_strides_anchors_and_shapes() -> None:
    network = Darknet(parse_cfg(yolov3(classes=2, size=64, divisor=32))).eval()
    assert [head.stride for head in network.heads] == [32, 16, 8]
    assert [head.anchors for head in network.heads] == [COCO_ANCHORS[6:], COCO_ANCHORS[3:6], COCO_ANCHORS[:3]]
    with torch.no_grad():
        raw = network(torch.rand(2, 3, 64, 96))
    assert [tuple(one.shape) for one in raw] == [(2, 21, 2, 3), (2, 21, 4, 6), (2, 21, 8, 12)]


def test_yolov3_learns() -> None:
    network = Darknet(parse_cfg(yolov3(size=64, divisor=32))).train()
    sum(raw.square().mean() for raw in network(torch.rand(2, 3, 64, 64))).backward()
    assert all(part.grad is not None and part.grad.isfinite().all() for part in network.parameters())


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("linear", lambda x: x),
        ("leaky", lambda x: torch.where(x > 0, x, 0.1 * x)),
    ],
)
def test_activations(name: str, function: Callable[[Tensor], Tensor]) -> None:
    network = _darknet(_conv(6, size=3, pad=1, activation=name), classes=1)
    x = torch.randn(1, 3, 9, 7)
    layer = network.layers[0].conv
    expected = function(functional.conv2d(x, layer.weight, layer.bias, padding=1))  # type: ignore[arg-type, union-attr]
    torch.testing.assert_close(network(x)[0], expected)


def test_normalisation_uses_the_stored_statistics() -> None:
    network = _darknet(_conv(6, batch_normalize=1, activation="linear"), classes=1)
    norm: Any = network.layers[0].norm
    with torch.no_grad():
        for part in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
            part.uniform_(0.5, 2)
    x = torch.randn(1, 3, 4, 4)
    y = functional.conv2d(x, network.layers[0].conv.weight)  # type: ignore[arg-type, union-attr]
    mean, deviation = norm.running_mean, (norm.running_var + 1e-5).sqrt()
    parts = [part.view(1, -1, 1, 1) for part in (norm.weight, norm.bias, mean, deviation)]
    torch.testing.assert_close(network(x)[0], (y - parts[2]) / parts[3] * parts[0] + parts[1])


def test_shortcut_adds_and_route_concatenates() -> None:
    first, second = _conv(4, activation="linear"), _conv(4, activation="linear")
    x = torch.randn(1, 3, 5, 5)
    network = _darknet(first, second, "[shortcut]\nfrom=-2", "[route]\nlayers=-1, 0", classes=3)
    one = network.layers[0](x)
    other = network.layers[1](one)
    torch.testing.assert_close(network(x)[0], torch.cat((one + other, one), dim=1))


def test_upsample_repeats_and_the_stride_follows() -> None:
    network = _darknet(_conv(6, stride=4, size=1, activation="linear"), "[upsample]\nstride=2", classes=1)
    x = torch.randn(1, 3, 16, 8)
    expected = network.layers[0](x).repeat_interleave(2, 2).repeat_interleave(2, 3)
    torch.testing.assert_close(network(x)[0], expected)
    assert network.heads == [Head(((4.0, 8.0),), 1, 2)]


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        (["[convolutional]\nsize=3"], "line 4: [convolutional] has no filters"),
        ([_conv(6, activation="gelu")], "line 6: activation=gelu is not supported; expected one of: leaky, linear"),
        ([_conv(6)], "[convolutional] has no activation"),
        ([_conv(7, activation="linear")], "line 7: [yolo] needs 6 filters in the layer before it, found 7"),
        ([_conv(6, groups=2)], "line 6: groups is not supported"),
        ([_conv(6, activation="linear"), "[shortcut]\nfrom=-3"], "line 8: from=-3: expected a layer before layer 1"),
        ([LINEAR, _conv(5, activation="linear"), "[shortcut]\nfrom=-2"], "[shortcut] joins layers of different shapes"),
        (
            [LINEAR, _conv(6, stride=2, activation="linear"), "[route]\nlayers=-1,-2"],
            "[route] joins layers of different",
        ),
        ([LINEAR, "[route]\nlayers=-1\ngroups=2\ngroup_id=1"], "line 9: groups is not supported"),
        ([_conv(6, activation="linear"), "[yolo]\nanchors=1,2\nmask=1\nclasses=1"], "mask=1 does not fit 1 pairs"),
        ([_conv(6, activation="linear"), "[yolo]\nanchors=1,2\nscale_x_y=1.1"], "scale_x_y is not supported"),
    ],
)
def test_invalid_sections_name_the_line(sections: list[str], message: str) -> None:
    with pytest.raises(CfgError) as caught:
        _darknet(*sections, classes=1)
    assert message in str(caught.value)
    assert str(caught.value).startswith("cfg, line ")


def test_decoding_equals_a_manual_calculation() -> None:
    """One cell, two anchors, two classes."""
    head = Head(((10.0, 20.0), (30.0, 40.0)), 2, 16)
    raw = torch.zeros(1, 14, 3, 4)
    raw[0, 7:, 1, 2] = torch.tensor([1.0, -1.0, 0.5, -0.5, 2.0, 3.0, -3.0])
    boxes, objectness, classes = decode(raw, head)
    assert boxes.shape == (1, 24, 4)
    index = (1 * 4 + 2) * 2 + 1
    sigmoid = torch.tensor([1.0, -1.0, 2.0, 3.0, -3.0]).sigmoid()
    middle, half = (torch.stack([2 + sigmoid[0], 1 + sigmoid[1]]) * 16), torch.tensor([30 * 2.71828182846**0.5, 0]) / 2
    half[1] = 40 * 2.71828182846**-0.5 / 2
    torch.testing.assert_close(boxes[0, index], torch.cat((middle - half, middle + half)))
    torch.testing.assert_close(objectness[0, index], sigmoid[2])
    torch.testing.assert_close(classes[0, index], sigmoid[3:])
    torch.testing.assert_close(boxes[0, 0], torch.tensor([8.0 - 5, 8 - 10, 8 + 5, 8 + 10]))
