"""Complete pictures: a background with things on it, dead leaves, figures, collages; alone or as a family.

The members of a family share palette, textures and kind, but nothing is at the same position: the hard negatives.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from lap_assets.training.pictures.lettering import inscription, write
from lap_assets.training.pictures.shapes import Spot, filling, ink, outline, piece, placed, put, spot, strokes
from lap_assets.training.pictures.textures import Colors, Pixels, Rng, palette, texture

_DRAWN: Final = 288  # px; side while drawing; the result is scaled down, which smooths edges


def family(rng: Rng, bank: list[Pixels], members: int, side: int) -> list[Pixels]:
    """Return pictures of one kind in one palette, each (side, side, 3) uint8."""
    colors = palette(rng)
    kinds = list(_KINDS)
    weights = np.array([_KINDS[kind] for kind in kinds], dtype=float)
    kind = kinds[rng.choice(len(kinds), p=weights / weights.sum())]
    few = [bank[index] for index in rng.integers(0, len(bank), 6)]
    shared = texture(rng, colors, _DRAWN)
    pictures = []
    for _ in range(members):
        picture = kind(rng, few if rng.random() < 0.5 else bank, colors, shared)
        pictures.append(np.asarray(_finished(picture, rng).resize((side, side), Image.Resampling.BOX)))
    return pictures


def _ground(rng: Rng, colors: Colors, shared: Pixels) -> Image.Image:
    kind = rng.random()
    if kind < 0.3:
        return Image.fromarray(shared)
    if kind < 0.5:
        return Image.new("RGB", (_DRAWN, _DRAWN), (255, 255, 255) if rng.random() < 0.7 else ink(rng.random(3)))
    return Image.fromarray(texture(rng, colors, _DRAWN))


def _things(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:
    """Return a background with some things of many sizes."""
    picture = _ground(rng, colors, shared)
    for _ in range(rng.integers(1, 16)):
        at = spot(rng, _DRAWN, 0.03, 0.5)
        put(picture, placed(outline(rng), at), filling(rng, bank, colors, _DRAWN), rng)
    if rng.random() < 0.3:
        strokes(picture, rng, colors)
    return picture


def _leaves(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:
    """Return "dead leaves": many overlapping things with sizes from a power law, as in photographs."""
    picture = Image.fromarray(shared)
    pen = ImageDraw.Draw(picture)
    form = outline(rng) if rng.random() < 0.5 else None
    for _ in range(rng.integers(30, 160)):
        at = spot(rng, _DRAWN, 0.02, 0.45)
        polygon = placed(outline(rng) if form is None else form, at)
        if rng.random() < 0.25:
            put(picture, polygon, filling(rng, bank, colors, _DRAWN), rng)
            pen = ImageDraw.Draw(picture)
        else:
            pen.polygon(polygon, fill=ink(colors[rng.integers(len(colors))] + rng.normal(0, 0.12)))
    return picture


def _figure(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:
    """Return one large thing of joined parts on a plain or soft background: a character, an animal, a machine."""
    picture = _ground(rng, colors, shared)
    if rng.random() < 0.4:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(2, 10))))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        _joined(picture, rng, bank, colors)
    return picture


def _joined(picture: Image.Image, rng: Rng, bank: list[Pixels], colors: Colors) -> None:
    size = _DRAWN * rng.uniform(0.1, 0.26)
    x, y = (rng.uniform(0.25, 0.75, 2) * _DRAWN).tolist()
    parts = [Spot(x, y, size, rng.random() * 6)]
    fills = [filling(rng, bank, colors, _DRAWN) for _ in range(4)]
    for _ in range(rng.integers(4, 14)):
        base = parts[rng.integers(len(parts))]
        way = rng.random() * 2 * np.pi
        reach = base.size * rng.uniform(0.5, 1.2)
        grown = base.size * rng.uniform(0.35, 0.95)
        parts.append(Spot(base.x + reach * np.cos(way), base.y + reach * np.sin(way), grown, rng.random() * 6))
    for at in parts:
        put(picture, placed(outline(rng), at), fills[rng.integers(4)], rng)
    for at in parts[:: int(rng.integers(1, 4))]:
        small = Spot(at.x, at.y, at.size * rng.uniform(0.08, 0.3), at.turn)
        put(picture, placed(outline(rng), small), fills[rng.integers(4)], rng)


def _landscape(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:
    """Return layers from the horizon to the front, each with a ragged upper edge."""
    picture = Image.fromarray(texture(rng, colors, _DRAWN) if rng.random() < 0.6 else shared)
    picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 12))))
    level = rng.uniform(0.25, 0.7)
    for _ in range(rng.integers(1, 6)):
        steps = int(rng.integers(3, 60))
        edge = np.cumsum(rng.normal(0, 1, steps))
        edge = (edge - edge.mean()) * rng.uniform(0, 0.12) / max(edge.std(), 1e-6) + level
        points = [(x * _DRAWN, y * _DRAWN) for x, y in zip(np.linspace(0, 1, steps), edge, strict=True)]
        put(picture, [*points, (_DRAWN, _DRAWN), (0, _DRAWN)], filling(rng, bank, colors, _DRAWN), rng)
        for _ in range(rng.integers(0, 6)):
            at = Spot(rng.random() * _DRAWN, level * _DRAWN, _DRAWN * rng.uniform(0.02, 0.2), rng.normal(0, 0.2))
            put(picture, placed(outline(rng), at), filling(rng, bank, colors, _DRAWN), rng)
        level += rng.uniform(0.03, 0.2)
    return picture


def _collage(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:
    """Return panels side by side."""
    picture = _ground(rng, colors, shared)
    columns, rows = rng.integers(1, 4, 2)
    gap = int(rng.choice([0, 0, 4, 10]))
    wide, high = _DRAWN // columns, _DRAWN // rows
    for column in range(columns):
        for row in range(rows):
            panel = _SIMPLE[rng.integers(len(_SIMPLE))](rng, bank, colors, shared)
            picture.paste(panel.resize((wide - gap, high - gap)), (column * wide + gap // 2, row * high + gap // 2))
    return picture


def _pure(rng: Rng, bank: list[Pixels], colors: Colors, _: Pixels) -> Image.Image:
    """Return one texture, or two blended."""
    one = Image.fromarray(texture(rng, colors, _DRAWN))
    if rng.random() < 0.5:
        return one
    other = piece(rng, bank, _DRAWN)
    over = rng.integers(3)
    if over == 0:
        return Image.blend(one, other, float(rng.uniform(0.2, 0.8)))
    return ImageChops.multiply(one, other) if over == 1 else ImageChops.screen(one, other)


def _drawing(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:  # noqa: ARG001
    """Return outlines on paper, some filled with a flat color."""
    paper = Image.new("RGB", (_DRAWN, _DRAWN), (255, 255, 255))
    picture = paper if rng.random() < 0.7 else _ground(rng, colors, shared)
    pen = ImageDraw.Draw(picture)
    width = int(rng.integers(1, 7))
    dark = ink(rng.random(3) * 0.3)
    for _ in range(rng.integers(2, 14)):
        polygon = placed(outline(rng), spot(rng, _DRAWN, 0.04, 0.4))
        fill = ink(colors[rng.integers(len(colors))]) if rng.random() < 0.5 else None
        pen.polygon(polygon, fill=fill)
        pen.line([*polygon, polygon[0]], fill=dark, width=width)
    for _ in range(rng.integers(0, 4)):
        strokes(picture, rng, colors if rng.random() < 0.5 else np.zeros((1, 3)))
    return picture


def _bare(rng: Rng, bank: list[Pixels], colors: Colors, shared: Pixels) -> Image.Image:  # noqa: ARG001
    """Return a cover that holds little: a plain or softly shaded background with one or two small things or words."""
    one, other = colors[0], colors[1] if rng.random() < 0.4 else colors[0]
    ends = np.array([[ink(one)], [ink(other)]], dtype=np.uint8)
    picture = Image.fromarray(ends).resize((_DRAWN, _DRAWN), Image.Resampling.BILINEAR)
    if rng.random() < 0.3:
        picture = Image.new("RGB", (_DRAWN, _DRAWN), (255, 255, 255) if rng.random() < 0.6 else (8, 8, 8))
    for _ in range(rng.integers(1, 4)):
        x, y = (rng.uniform(0.25, 0.75, 2) * _DRAWN).tolist()
        if rng.random() < 0.4:
            wide, high = _DRAWN * rng.uniform(0.1, 0.3), _DRAWN * rng.uniform(0.04, 0.12)
            write(picture, rng, (x - wide, y - high, x + wide, y + high))
        else:
            at = Spot(x, y, _DRAWN * rng.uniform(0.04, 0.16), float(rng.random() * 6))
            put(picture, placed(outline(rng), at), filling(rng, bank, colors, _DRAWN), rng)
    return picture


def _finished(picture: Image.Image, rng: Rng) -> Image.Image:
    """Add effects of a camera, a printer or a designer: words, blur, light from one side, grain."""
    if rng.random() < 0.25:
        inscription(picture, rng)
    if rng.random() < 0.12:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 4))))
    if rng.random() < 0.25:
        line = np.linspace(rng.uniform(0.3, 1), rng.uniform(0.5, 1), _DRAWN)
        light = np.tile((line * 255).astype(np.uint8), (_DRAWN, 1))
        shade = Image.fromarray(light if rng.random() < 0.5 else light.T.copy())
        picture = ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))
    if rng.random() < 0.2:
        noise = rng.normal(0, rng.uniform(3, 20), (_DRAWN, _DRAWN, 1))
        picture = Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
    return picture


_Scene = Callable[[Rng, list[Pixels], Colors, Pixels], Image.Image]
_SIMPLE: Final[tuple[_Scene, ...]] = (_things, _figure, _landscape, _drawing)
_KINDS: Final[dict[_Scene, int]] = {
    _things: 22, _leaves: 14, _figure: 24, _landscape: 14, _collage: 8, _pure: 8, _drawing: 10, _bare: 20,
}  # fmt: skip
