"""A poster's bytes and boxes from its recipe: combines composition, drawing and finishing."""

import math
from typing import Final

from PIL import Image

from lap_assets.replica.recipes import PosterRecipe, RelativeBox, Size
from lap_assets.replica.renderer import body, hair, head
from lap_assets.replica.renderer.backdrop import backdrop
from lap_assets.replica.renderer.finish import encoded, grained, kept_window, toned
from lap_assets.replica.renderer.lettering import draw_title
from lap_assets.replica.renderer.patterns import emblem, petals
from lap_assets.replica.renderer.pen import Pen
from lap_assets.replica.renderer.scene import Scene, scene_of, seen, visible
from lap_assets.replica.renderer.styles import style_of
from lap_assets.replica.seeds import generator

_FINE: Final = 750_000  # pixels; up to this, a picture is drawn twice as large and halved; larger ones are enlarged
_LEAST_SIDE: Final = 6  # px; boxes with a smaller side are left out


def jpeg_of(recipe: PosterRecipe) -> bytes:
    """Return the poster's JPEG bytes; equal recipes yield equal bytes."""
    image = grained(toned(_drawn(recipe), recipe.edits), recipe.grain, recipe.art_seed)
    return encoded(image, recipe.quality, recipe.orientation)


def boxes_of(recipe: PosterRecipe) -> tuple[tuple[RelativeBox, ...], tuple[RelativeBox, ...]]:
    """Return faces and heads in whole px of the upright picture, clipped to it; computed without drawing."""
    found = seen(_scene(recipe))
    heads = (_in_px(one.head, recipe) for one in found if one.head is not None)
    return tuple(box for box, _ in classed_faces(recipe)), tuple(box for box in heads if box is not None)


def classed_faces(recipe: PosterRecipe) -> tuple[tuple[RelativeBox, int], ...]:
    """Return the faces of `boxes_of`, each with its class number."""
    found = ((one.face, one.face_class) for one in seen(_scene(recipe)) if one.face is not None)
    placed = ((_in_px(face, recipe), number) for face, number in found)
    return tuple((box, number) for box, number in placed if box is not None)


def _scene(recipe: PosterRecipe) -> Scene:
    wide, high = recipe.art_size
    return scene_of(recipe.art_seed, high / wide, style_of(recipe.style))


def _in_px(box: RelativeBox, recipe: PosterRecipe) -> RelativeBox | None:
    for edit in recipe.edits:
        box = edit.moved(box)
    part = visible(box)
    if part is None:
        return None
    wide, high = recipe.size
    px = RelativeBox(round(part.x0 * wide), round(part.y0 * high), round(part.x1 * wide), round(part.y1 * high))
    return px if min(px.x1 - px.x0, px.y1 - px.y0) >= _LEAST_SIDE else None


def _drawn(recipe: PosterRecipe) -> Image.Image:
    """Return the picture after crops and mirroring, at its final size.

    It is drawn at that size rather than resampled: a copy differs from its root like two scans of one print.
    """
    window, mirrored = kept_window(recipe.edits)
    wide, high = recipe.size
    shrunk = min(1.0, math.sqrt(_FINE / (wide * high)))
    inner = round(wide * shrunk), round(high * shrunk)
    whole = round(inner[0] / (window.x1 - window.x0)), round(inner[1] / (window.y1 - window.y0))
    left, top = (
        min(round(window.x0 * whole[0]), whole[0] - inner[0]),
        min(round(window.y0 * whole[1]), whole[1] - inner[1]),
    )
    canvas = painted(_scene(recipe), whole, _title_seed(recipe))
    image = canvas.reduce(2, (2 * left, 2 * top, 2 * (left + inner[0]), 2 * (top + inner[1])))
    if image.size != recipe.size:
        image = image.resize(recipe.size, Image.Resampling.BICUBIC)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else image


def painted(scene: Scene, size: Size, title_seed: int) -> Image.Image:
    """Return the whole scene on a canvas twice as wide and high as `size`."""
    chance = generator("backdrop", scene.seed)
    canvas = backdrop(size, scene.palette, chance)
    # Faster than resize() for this exact case: every pixel becomes four.
    canvas = canvas.transform((2 * size[0], 2 * size[1]), Image.Transform.AFFINE, (0.5, 0, 0, 0, 0.5, 0))
    pen = Pen(canvas, canvas.width)
    if not scene.figures:
        emblem(pen, scene.palette, chance)
    for figure in scene.figures:
        hair.draw_back(pen.on_head(figure), figure)
        body.draw_body(pen, figure)
        head.draw_head(pen, figure)
    if chance.random() < 0.3:
        petals(pen, scene.palette, chance)
    draw_title(pen, scene, title_seed)
    return canvas


def _title_seed(recipe: PosterRecipe) -> int:
    """Return the seed of the last change of title, or else the art's own."""
    return next((edit.seed for edit in reversed(recipe.edits) if edit.kind == "retitled"), recipe.art_seed)
