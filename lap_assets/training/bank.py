"""The pictures that the embedder is trained on, drawn once on all cores into one file that every process maps.

Belongs here: which picture is made how (all from the seed and its place), and the file. Pictures are stored square.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.files import replacing
from lap_assets.core.progress import Progress
from lap_assets.replica.renderer.picture import jpeg_of
from lap_assets.replica.seeds import seed_of
from lap_assets.training.art import art_recipe
from lap_assets.training.pictures.scenes import family
from lap_assets.training.pictures.textures import Pixels, palette, texture
from lap_assets.training.pieces import drawn_pieces

SIDE: Final = 192
_MEMBERS: Final = 2  # pictures of one family, beside one another in the file
_TEXTURES: Final = 160
_PIECE: Final = 64  # pictures that one task draws


@dataclass(frozen=True, slots=True)
class BankPlan:
    """The number of pictures, their seed, and the share drawn in the replica's style (each of a separate scene)."""

    pictures: int
    seed: int
    art_share: float = 0.15

    @property
    def file_name(self) -> str:
        """A key that changes with everything that changes the pictures."""
        return f"bank-{self.pictures}-{self.seed}-{self.art_share}-{SIDE}.npy"


def drawn_bank(plan: BankPlan, folder: Path, progress: Progress) -> Path:
    """Return the file of the pictures in `folder`, drawing it if it is missing; `opened_bank` reads it."""
    path = folder / plan.file_name
    if not path.exists():
        _draw(plan, path, progress)
    return path


@lru_cache(maxsize=1)
def opened_bank(path: Path) -> NDArray[np.uint8]:
    """Return the pictures, shape (n, SIDE, SIDE, 3) uint8, memory-mapped. Rows 2n and 2n + 1 are a family."""
    pictures: NDArray[np.uint8] = np.load(path, mmap_mode="r")
    return pictures


def _draw(plan: BankPlan, path: Path, progress: Progress) -> None:
    with replacing(path) as beside:
        shape = (plan.pictures, SIDE, SIDE, 3)
        bank = np.lib.format.open_memmap(beside, mode="w+", dtype=np.uint8, shape=shape)
        for place, piece in drawn_pieces(_piece, plan, plan.pictures, _PIECE, "drawing training pictures", progress):
            bank[place] = piece
        bank.flush()


def _piece(plan: BankPlan, start: int) -> NDArray[np.uint8]:
    count = min(_PIECE, plan.pictures - start)
    return np.stack(list(_pictures(plan, start, count)))[:count]


def _pictures(plan: BankPlan, start: int, count: int) -> Iterator[Pixels]:
    textures = [_texture(plan.seed, place) for place in range(start % 7, _TEXTURES, 7)]
    for place in range(start, start + count, _MEMBERS):
        rng = np.random.default_rng(seed_of("training picture", plan.seed, place))
        if rng.random() < plan.art_share:
            yield from (_poster(plan.seed, place + member) for member in range(_MEMBERS))
        else:
            yield from family(rng, textures, _MEMBERS, SIDE)


def _texture(seed: int, place: int) -> Pixels:
    rng = np.random.default_rng(seed_of("training texture", seed, place))
    return texture(rng, palette(rng), 256)


def _poster(seed: int, place: int) -> Pixels:
    with Image.open(BytesIO(jpeg_of(art_recipe(seed, place, 300)))) as poster:
        return np.asarray(poster.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX))
