"""The torch module of a cfg's sections. Callers import this module lazily, so torch is imported at the top."""

from typing import Final

import torch
from torch import Tensor, nn

from lap_assets.models.darknet.bounds import MOST_LAYERS, Budget, check_options
from lap_assets.models.darknet.cfg import Block
from lap_assets.models.darknet.decode import Head

_UNSUPPORTED: Final = ("groups", "group_id", "new_coords", "scale_x_y")
_EPSILON: Final = 1e-5  # of batch normalization; OpenCV's importer uses 1e-6, which moves boxes by up to 6 px


class Convolution(nn.Module):
    """[convolutional]: `conv`, `norm` if batch_normalize=1, and the activation."""

    def __init__(self, block: Block, inputs: int) -> None:
        super().__init__()
        size, normalized = block.integer("size", 1), block.integer("batch_normalize", 0) != 0
        padding = size // 2 if block.integer("pad", 0) else block.integer("padding", 0)
        self.conv = nn.Conv2d(
            inputs, block.integer("filters"), size, block.integer("stride", 1), padding, bias=not normalized
        )  # fmt: skip
        self.norm = nn.BatchNorm2d(block.integer("filters"), eps=_EPSILON) if normalized else nn.Identity()
        self.activation = _activation(block)

    def forward(self, x: Tensor) -> Tensor:
        """Return the layer's output."""
        y: Tensor = self.activation(self.norm(self.conv(x)))
        return y


class Shortcut(nn.Module):
    """[shortcut]: the previous layer plus an earlier one."""

    def __init__(self, block: Block, layer: int) -> None:
        super().__init__()
        self.sources = (layer - 1, *_sources(block, "from", layer, exactly=1))
        self.activation = _activation(block, "linear")

    def forward(self, inputs: list[Tensor]) -> Tensor:
        """Return the layer's output."""
        y: Tensor = self.activation(inputs[0] + inputs[1])
        return y


class Route(nn.Module):
    """[route]: the concatenated channels of earlier layers."""

    def __init__(self, block: Block, layer: int) -> None:
        super().__init__()
        self.sources = tuple(_sources(block, "layers", layer))

    def forward(self, inputs: list[Tensor]) -> Tensor:
        """Return the layer's output."""
        return torch.cat(inputs, dim=1) if len(inputs) > 1 else inputs[0]


class Darknet(nn.Module):
    """The network of a cfg. `layers`: a module per section after [net]; `heads`: the [yolo] sections, in order.

    `size`: width and height of the input from [net]; other multiples of the largest stride work as well.

    Raises:
        CfgError: a section cannot be built; the message names the file and the line.
    """

    def __init__(self, blocks: list[Block]) -> None:
        super().__init__()
        net = blocks[0]
        for block in blocks:
            check_options(block)
        if len(blocks) > MOST_LAYERS:
            raise blocks[MOST_LAYERS].error(None, f"there are more than {MOST_LAYERS:,} sections")
        self.size = (net.integer("width", 416), net.integer("height", 416))
        self.heads: list[Head] = []
        self.layers = nn.ModuleList()
        budget = Budget(self.size[0] * self.size[1])
        channels, strides = [net.integer("channels", 3)], [1]  # of the input, then of each layer
        for layer, block in enumerate(blocks[1:]):
            if block.section == "convolutional":
                budget.take_weights(block, channels[-1])
            module, out, stride = self._build(block, layer, channels, strides)
            budget.check_output(block, out, stride)
            self.layers.append(module)
            channels.append(out)
            strides.append(stride)
        self._needed = {source for module in self.layers for source in getattr(module, "sources", ())}

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Return the heads' raw outputs for pictures (n, channels, h, w): (n, anchors * (5 + classes), h/s, w/s)."""
        x, kept, raw = pictures, dict[int, Tensor](), []
        for layer, module in enumerate(self.layers):
            if isinstance(module, Shortcut | Route):
                kept[layer - 1] = x
                x = module([kept[source] for source in module.sources])
            elif isinstance(module, Yolo):
                raw.append(x)
            else:
                x = module(x)
            if layer in self._needed:
                kept[layer] = x
        return raw

    def _build(self, block: Block, layer: int, channels: list[int], strides: list[int]) -> tuple[nn.Module, int, int]:
        """Return the section's module, its number of output channels, and its stride."""
        inputs, stride = channels[-1], strides[-1]
        for key in _UNSUPPORTED:
            if key in block.options:
                raise block.error(key, f"{key} is not supported")
        match block.section:
            case "convolutional":
                return Convolution(block, inputs), block.integer("filters"), stride * block.integer("stride", 1)
            case "upsample":
                times = block.integer("stride", 2)
                return nn.Upsample(scale_factor=times, mode="nearest"), inputs, stride // times
            case "shortcut":
                shortcut = Shortcut(block, layer)
                _check_equal(block, [(channels[s + 1], strides[s + 1]) for s in shortcut.sources])
                return shortcut, inputs, stride
            case "route":
                route = Route(block, layer)
                _check_equal(block, [strides[s + 1] for s in route.sources])
                return route, sum(channels[s + 1] for s in route.sources), strides[route.sources[0] + 1]
            case _:
                self.heads.append(_head(block, inputs, stride))
                return Yolo(), inputs, stride


class Yolo(nn.Module):
    """[yolo]: marks the previous layer's output as a head's raw output, described in `Darknet.heads`."""


def _head(block: Block, inputs: int, stride: int) -> Head:
    flat = block.floats("anchors")
    anchors = list(zip(flat[::2], flat[1::2], strict=False))
    chosen = block.integers("mask", ",".join(map(str, range(len(anchors)))))
    if len(flat) % 2 or any(not 0 <= index < len(anchors) for index in chosen):
        raise block.error("mask", f"mask={','.join(map(str, chosen))} does not fit {len(anchors)} pairs of anchors")
    head = Head(tuple(anchors[index] for index in chosen), block.integer("classes", 20), stride)
    if inputs != head.channels:
        raise block.error(None, f"[yolo] needs {head.channels} filters in the layer before it, found {inputs}")
    return head


def _activation(block: Block, default: str | None = None) -> nn.Module:
    name = block.text("activation", default)
    if name not in ("leaky", "linear"):
        raise block.error("activation", f"activation={name} is not supported; expected one of: leaky, linear")
    return nn.LeakyReLU(0.1, inplace=True) if name == "leaky" else nn.Identity()


def _sources(block: Block, key: str, layer: int, exactly: int | None = None) -> list[int]:
    """Return the numbers of the layers in the option; negative ones count back from this layer."""
    sources = [layer + source if source < 0 else source for source in block.integers(key, exactly=exactly)]
    if any(not 0 <= source < layer for source in sources):
        raise block.error(key, f"{key}={block.text(key)}: expected a layer before layer {layer}")
    return sources


def _check_equal(block: Block, shapes: list[object]) -> None:
    if len(set(map(str, shapes))) > 1:
        raise block.error(None, f"[{block.section}] joins layers of different shapes")
