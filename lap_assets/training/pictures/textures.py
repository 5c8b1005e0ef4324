"""Textures: full squares without things on them: gradients, noise, patterns, random functions of coordinates.

Networks trained on enough variety of this kind compare real pictures well (Baradad et al. 2021, "Learning to See by
Looking at Noise": spectra, dead leaves, random networks).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Rng = np.random.Generator
Colors = NDArray[np.float64]  # (n, 3), 0 … 1
Pixels = NDArray[np.uint8]  # (side, side, 3)


def palette(rng: Rng) -> Colors:
    """Return five roughly matching colors around one to three hues, from dull to bright."""
    hues = rng.random() + rng.normal(0, rng.choice([0.03, 0.12, 0.4]), 5)
    saturation = np.clip(rng.beta(1.3, 1.6) + rng.normal(0, 0.18, 5), 0, 1)
    value = np.clip(rng.random(5) ** rng.choice([0.5, 1.0, 1.6]), 0.02, 1)
    if rng.random() < 0.12:
        saturation[:] = 0
    bands = np.clip(np.abs((hues[:, None] * 6 + np.array((0, 4, 2))) % 6 - 3) - 1, 0, 1)
    return np.asarray(value[:, None] * (1 - saturation[:, None] * (1 - bands)))


def texture(rng: Rng, colors: Colors, side: int) -> Pixels:
    """Return one texture of `side` × `side` px in roughly these colors."""
    kinds = list(_KINDS)
    weights = np.array([_KINDS[kind] for kind in kinds], dtype=float)
    values = kinds[rng.choice(len(kinds), p=weights / weights.sum())](rng, colors, side)
    return (np.clip(values, 0, 1) * 255).astype(np.uint8)


def _grid(side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    line = np.linspace(-1, 1, side)
    return np.meshgrid(line, line)


def _ramp(field: NDArray[np.float64], colors: Colors, rng: Rng) -> NDArray[np.float64]:
    """Return colors for a field of 0 … 1, smooth or in steps."""
    number = int(rng.integers(2, 6))
    chosen = colors[rng.permutation(len(colors))[:number]]
    stops = np.sort(rng.random(number)) if rng.random() < 0.5 else np.linspace(0, 1, number)
    if rng.random() < 0.2:
        field = np.floor(field * rng.integers(3, 9)) / 8
    return np.stack([np.interp(field, stops, chosen[:, band]) for band in range(3)], axis=-1)


def _unit(field: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = field.min(), field.max()
    return np.asarray((field - low) / max(high - low, 1e-9))


def flat(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return one color, often white or black, like the background of cut-out drawings."""
    kind = rng.random()
    color = np.ones(3) if kind < 0.5 else np.zeros(3) if kind < 0.6 else rng.random(3) if kind < 0.8 else colors[0]
    return np.broadcast_to(color, (side, side, 3)).copy()


def gradient(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return a gradient along a line, around a point, or both."""
    x, y = _grid(side)
    turn = rng.random() * 2 * np.pi
    line = x * np.cos(turn) + y * np.sin(turn)
    cx, cy = rng.normal(0, 0.6, 2)
    ring = np.hypot(x - cx, (y - cy) * rng.uniform(0.6, 1.6))
    share = rng.choice([0.0, 1.0, rng.random()])
    return _ramp(_unit(line * share + ring * (1 - share)), colors, rng)


def spectrum(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return noise with a 1/f^a spectrum, as in photographs; one field through a ramp, or each band separately."""
    fx, fy = np.meshgrid(np.fft.rfftfreq(side), np.fft.fftfreq(side))
    stretch = rng.uniform(0.4, 2.5) if rng.random() < 0.4 else 1.0
    frequency = np.hypot(fx * stretch, fy / stretch)
    frequency[0, 0] = 1 / side
    bands = 1 if rng.random() < 0.55 else 3
    fall = frequency ** -rng.uniform(0.9, 2.6)
    noise = rng.normal(size=(bands, *fall.shape)) + 1j * rng.normal(size=(bands, *fall.shape))
    fields = np.fft.irfft2(noise * fall, s=(side, side), axes=(-2, -1))
    if bands == 1:
        return _ramp(_unit(fields[0]), colors, rng)
    spread = fields / fields.std(axis=(1, 2), keepdims=True) * rng.uniform(0.08, 0.28)
    mixed = np.einsum("cij,dc->ijd", spread, np.eye(3) * 0.5 + rng.random((3, 3)) * 0.6)
    return np.asarray(mixed + colors.mean(axis=0))


def blurred(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return a few large soft patches."""
    cells = int(rng.integers(2, 9))
    picked = colors[rng.integers(0, len(colors), cells * cells)]
    tiny = (np.clip(picked + rng.normal(0, 0.08, picked.shape), 0, 1) * 255).astype(np.uint8)
    grown = Image.fromarray(tiny.reshape(cells, cells, 3)).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(grown, dtype=np.float64) / 255


def function_of_place(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return the output of a small random network from coordinates to color: folds, waves, organic forms."""
    x, y = _grid(side)
    point = np.stack([x, y, np.hypot(x, y), np.ones_like(x)], axis=-1).reshape(-1, 4) * rng.uniform(0.6, 3)
    width = int(rng.integers(8, 17))
    for _ in range(rng.integers(2, 4)):
        point = point @ rng.normal(0, 1.5 / np.sqrt(point.shape[1]), (point.shape[1], width))
        bend = rng.integers(3)
        point = np.sin(2 * point) if bend == 0 else np.tanh(2 * point) if bend == 1 else np.abs(point) - 0.5
    if rng.random() < 0.5:
        field = point @ rng.normal(0, 1, width)
        return _ramp(_unit(field).reshape(side, side), colors, rng)
    out = 1 / (1 + np.exp(-point @ rng.normal(0, 1.2, (width, 3))))
    return np.asarray(out.reshape(side, side, 3))


def waves(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return a sum of plane and circular waves."""
    x, y = _grid(side)
    field = np.zeros_like(x)
    for _ in range(rng.integers(1, 5)):
        turn, many = rng.random() * 2 * np.pi, rng.uniform(1, 14)
        cx, cy = rng.normal(0, 1, 2)
        phase = x * np.cos(turn) + y * np.sin(turn) if rng.random() < 0.6 else np.hypot(x - cx, y - cy)
        field += np.sin(phase * many * np.pi + rng.random() * 6)
    return _ramp(_unit(field), colors, rng)


def cells(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return a Voronoi pattern, each point in the color of its nearest seed: stained glass, stones, scales."""
    number = int(rng.integers(5, 60))
    seeds = rng.uniform(-1.1, 1.1, (number, 2))
    coarse = max(side // 2, 1)
    x, y = _grid(coarse)
    metric = rng.integers(2)
    dx, dy = np.abs(x[..., None] - seeds[:, 0]), np.abs(y[..., None] - seeds[:, 1])
    distance = dx + dy if metric else dx * dx + dy * dy
    nearest = distance.argmin(axis=-1)
    shade = 1 - 0.5 * _unit(np.sqrt(distance.min(axis=-1))) * (rng.random() < 0.5)
    inks = np.clip(colors[rng.integers(0, len(colors), number)] + rng.normal(0, 0.06, (number, 3)), 0, 1)
    small = (np.clip(inks[nearest] * shade[..., None], 0, 1) * 255).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((side, side), Image.Resampling.BILINEAR), dtype=np.float64) / 255


def repeated(rng: Rng, colors: Colors, side: int) -> NDArray[np.float64]:
    """Return stripes, checks, dots or bricks."""
    x, y = _grid(side)
    turn = rng.choice([0, np.pi / 4, rng.random() * np.pi])
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    many = rng.uniform(1.5, 14)
    u, v = u * many, v * many * rng.choice([0.5, 1, 1, 2])
    kind = rng.integers(4)
    if kind == 0:
        on = (u % 1) < rng.uniform(0.2, 0.8)
    elif kind == 1:
        on = (np.floor(u) + np.floor(v)) % 2 == 0
    elif kind == 2:
        on = np.hypot(u % 1 - 0.5, v % 1 - 0.5) < rng.uniform(0.15, 0.45)
    else:
        on = ((u + 0.5 * (np.floor(v) % 2)) % 1 < 0.08) | (v % 1 < 0.1)
    first, second = colors[rng.permutation(len(colors))[:2]]
    return np.asarray(np.where(on[..., None], first, second), dtype=np.float64)


_Kind = Callable[[Rng, Colors, int], NDArray[np.float64]]
_KINDS: Final[dict[_Kind, int]] = {
    gradient: 14, spectrum: 26, blurred: 10, function_of_place: 20, waves: 7, cells: 10, repeated: 10, flat: 3,
}  # fmt: skip
