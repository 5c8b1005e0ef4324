"""Posters with boxes for training detectors: drawn once on all cores, then augmented."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from os import cpu_count
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.files import replacing
from lap_assets.core.progress import Progress
from lap_assets.models.tiny.letterbox import GRAY
from lap_assets.replica.renderer.picture import boxes_of, jpeg_of
from lap_assets.training.art import art_recipe
from lap_assets.training.pictures.textures import Rng

MOST_BOXES: Final = 24
_DRAWN: Final = 288  # px; longer side of a kept poster
_PIECE: Final = 32

Boxes = NDArray[np.float32]  # (MOST_BOXES, 5): target (0 face, 1 head, -1 none), x0 y0 x1 y1 px


@dataclass(frozen=True)
class PosterBank:
    """A number of posters from a seed, kept in a file in `folder`."""

    posters: int
    seed: int
    folder: Path

    @property
    def path(self) -> Path:
        """The file: JPEG bytes end to end, their lengths, their boxes."""
        return self.folder / f"posters-{self.posters}-{self.seed}-{_DRAWN}.npz"

    def drawn(self, progress: Progress) -> "PosterBank":
        """Draw the posters if the file is missing; return this bank."""
        if not self.path.exists():
            starts = range(0, self.posters, _PIECE)
            with (
                progress.task("drawing training posters", self.posters) as advance,
                ProcessPoolExecutor(cpu_count()) as pool,
            ):
                posters = []
                for piece in pool.map(_piece, [self] * len(starts), starts):
                    posters.extend(piece)
                    advance(len(piece))
            with replacing(self.path) as beside, beside.open("wb") as opened:
                np.savez(
                    opened,
                    bytes=np.frombuffer(b"".join(body for body, _ in posters), np.uint8),
                    ends=np.cumsum([len(body) for body, _ in posters]),
                    boxes=np.stack([boxes for _, boxes in posters]),
                )
        return self

    def poster(self, index: int) -> tuple[Image.Image, Boxes]:
        """Return one poster and its boxes in px."""
        kept = _opened(self.path)
        start = int(kept["ends"][index - 1]) if index else 0
        body = kept["bytes"][start : int(kept["ends"][index])].tobytes()
        return Image.open(BytesIO(body)).convert("RGB"), kept["boxes"][index].copy()


_kept: dict[Path, dict[str, NDArray[np.generic]]] = {}


def _opened(path: Path) -> dict[str, NDArray[np.generic]]:
    if path not in _kept:
        with np.load(path) as arrays:
            _kept[path] = dict(arrays)
    return _kept[path]


def _piece(bank: PosterBank, start: int) -> list[tuple[bytes, Boxes]]:
    return [_drawn(bank.seed, index) for index in range(start, min(start + _PIECE, bank.posters))]


def _drawn(seed: int, index: int) -> tuple[bytes, Boxes]:
    recipe = art_recipe(seed, index, 203, edited=True)
    faces, heads = boxes_of(recipe)
    listed = [(0.0, *box) for box in faces] + [(1.0, *box) for box in heads]
    boxes = np.full((MOST_BOXES, 5), -1, np.float32)
    if listed:
        boxes[: len(listed)] = listed[:MOST_BOXES]
    return jpeg_of(recipe), boxes


def view(bank: PosterBank, index: int, rng: Rng, side: int) -> tuple[NDArray[np.uint8], Boxes]:
    """Return a poster on a gray square of `side` px, whole or in part, sometimes mirrored or lit differently."""
    picture, boxes = bank.poster(index)
    wide, high = picture.size
    scale = side / max(wide, high) * (1.0 if rng.random() < 0.35 else np.exp(rng.uniform(-0.5, 0.3)))
    if rng.random() < 0.5:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        boxes[:, [1, 3]] = wide - boxes[:, [3, 1]]
    stretch = np.exp(rng.normal(0, 0.05))
    size = max(16, round(wide * scale * stretch)), max(16, round(high * scale / stretch))
    small = picture.resize(size, Image.Resampling.BILINEAR)
    free = np.array((side - size[0], side - size[1]))
    left, top = (free / 2 if rng.random() < 0.4 else free * rng.random(2)).round().astype(int).tolist()
    square = Image.new("RGB", (side, side), (GRAY, GRAY, GRAY))
    square.paste(small, (left, top))
    return _lit(np.asarray(square), rng), _moved(boxes, (size[0] / wide, size[1] / high), (left, top), side)


def _moved(boxes: Boxes, scale: tuple[float, float], shift: tuple[int, int], side: int) -> Boxes:
    """Return the boxes on the square, clipped; boxes with less than 45 % of their area left are dropped."""
    moved = boxes.copy()
    moved[:, 1:] = boxes[:, 1:] * np.tile(scale, 2) + np.tile(shift, 2)
    whole_area = (moved[:, 3] - moved[:, 1]) * (moved[:, 4] - moved[:, 2])
    moved[:, 1:] = moved[:, 1:].clip(0, side)
    sides = moved[:, 3:] - moved[:, 1:3]
    dropped = (sides.prod(axis=1) < 0.45 * whole_area) | (sides.min(axis=1) < 4)
    moved[dropped | (boxes[:, 0] < 0), 0] = -1
    return moved.astype(np.float32)


def _lit(pixels: NDArray[np.uint8], rng: Rng) -> NDArray[np.uint8]:
    if rng.random() < 0.5:
        return pixels
    changed = pixels.astype(np.float32) * rng.uniform(0.7, 1.3) + rng.normal(0, 12)
    if rng.random() < 0.3:
        gray = changed.mean(axis=2, keepdims=True)
        changed = gray + (changed - gray) * rng.uniform(0, 1.5)
    return changed.clip(0, 255).astype(np.uint8)
