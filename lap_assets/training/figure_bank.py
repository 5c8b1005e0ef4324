"""Crops of drawn faces with their figures' traits, drawn once into a file, for training the trait network.

Belongs here: which figure is drawn how (all from the seed and its place), and the files. Every figure has a style of
its own, and hair and what is worn are as frequent as they are easy to confuse, not as they are in the replica.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.files import replacing
from lap_assets.core.progress import Progress
from lap_assets.models.tiny.crop_features import square_around
from lap_assets.replica.recipes import Size
from lap_assets.replica.renderer.figures import Extra, Figure, Hair, styled
from lap_assets.replica.renderer.picture import painted
from lap_assets.replica.renderer.scene import Scene, scene_of, seen, visible
from lap_assets.replica.seeds import seed_of
from lap_assets.training.figure_styles import random_style
from lap_assets.training.pictures.textures import Pixels, Rng
from lap_assets.training.pieces import drawn_pieces
from lap_assets.training.traits import TRAITS, trait_row

BANK_AROUND: Final = 4.2
"""A stored crop's side relative to the face's longer side: wider than a view, so that views can be shifted."""
BANK_SIDE: Final = 112
_WIDTHS: Final = (170, 330)  # px of a poster
_ASPECTS: Final = (1.33, 1.5)
_PLAIN: Final = 0.25  # the share of figures that wear nothing on the head
_HAIR: Final[tuple[Hair, ...]] = get_args(Hair)
_EXTRAS: Final[tuple[Extra, ...]] = tuple(one for one in get_args(Extra) if one != "none")
_PIECE: Final = 128  # crops that one task draws
_LEAST: Final = 10  # px of a face


@dataclass(frozen=True, slots=True)
class FigureBank:
    """A number of crops from a seed, in a folder."""

    crops: int
    seed: int
    folder: Path

    @property
    def pictures(self) -> Path:
        """Shape (crops, BANK_SIDE, BANK_SIDE, 3) uint8."""
        return self.folder / f"figures-{self.crops}-{self.seed}-{BANK_SIDE}.npy"

    @property
    def traits(self) -> Path:
        """Shape (crops, number of traits) int8: the index of each trait's value."""
        return self.pictures.with_suffix(".traits.npy")

    def drawn(self, progress: Progress) -> "FigureBank":
        """Draw the missing files."""
        if not (self.pictures.exists() and self.traits.exists()):
            self._draw(progress)
        return self

    def opened(self) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
        """Return the crops, memory-mapped, and the traits."""
        return _opened(self.pictures).view(np.uint8), _opened(self.traits).view(np.int8)

    def _draw(self, progress: Progress) -> None:
        traits = np.zeros((self.crops, len(TRAITS)), np.int8)
        with replacing(self.pictures) as beside:
            shape = (self.crops, BANK_SIDE, BANK_SIDE, 3)
            crops = np.lib.format.open_memmap(beside, mode="w+", dtype=np.uint8, shape=shape)
            for place, piece in drawn_pieces(drawn_piece, self, self.crops, _PIECE, "drawing figures", progress):
                crops[place], traits[place] = piece
            crops.flush()
        with replacing(self.traits) as beside, beside.open("wb") as opened:
            np.save(opened, traits)


@lru_cache(maxsize=4)
def _opened(path: Path) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.load(path, mmap_mode="r")
    return array


def drawn_piece(bank: FigureBank, start: int) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Return the crops of one task and their traits."""
    rng = np.random.default_rng(seed_of("figures", bank.seed, start))
    count = min(_PIECE, bank.crops - start)
    made: list[tuple[Pixels, NDArray[np.int8]]] = []
    while len(made) < count:
        made += _poster(rng)
    return np.stack([crop for crop, _ in made[:count]]), np.stack([traits for _, traits in made[:count]])


def _poster(rng: Rng) -> Iterator[tuple[Pixels, NDArray[np.int8]]]:
    wide = int(rng.integers(*_WIDTHS))
    size = wide, round(wide * rng.uniform(*_ASPECTS))
    plain = scene_of(int(rng.integers(2**62)), size[1] / size[0])
    scene = replace(plain, figures=tuple(_varied(figure, rng) for figure in plain.figures))
    if scene.figures:
        picture = painted(scene, size, int(rng.integers(2**62))).reduce(2)
        yield from ((_crop(picture, box), trait_row(figure)) for box, figure in _faces(scene, size))


def _varied(figure: Figure, rng: Rng) -> Figure:
    extra: Extra = "none" if rng.random() < _PLAIN else _EXTRAS[rng.integers(len(_EXTRAS))]
    return styled(replace(figure, hair=_HAIR[rng.integers(len(_HAIR))], extra=extra), random_style(rng))


def _faces(scene: Scene, size: Size) -> Iterator[tuple[Box, Figure]]:
    for one in seen(scene):
        part = None if one.face is None else visible(one.face)
        if part is not None:
            box = Box(part.x0 * size[0], part.y0 * size[1], part.x1 * size[0], part.y1 * size[1])
            if min(box.width, box.height) >= _LEAST:
                yield box, one.figure


def _crop(picture: Image.Image, box: Box) -> Pixels:
    part = picture.crop(square_around(box, BANK_AROUND))
    return np.asarray(part.resize((BANK_SIDE, BANK_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))
