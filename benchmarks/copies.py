"""How well an embedder tells copies of pictures from other pictures: `python -m benchmarks copies FOLDER`.

Every picture is compared with the copies of all pictures (`picture_copies.KINDS`). The pictures must show different
things: copies among them count as errors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.picture_copies import KINDS, copies_of
from lap_assets.core.errors import InputError
from lap_assets.core.picture_limits import Limits
from lap_assets.models.types import Embedder
from lap_assets.pictures.gate import open_upright

PRECISION: Final = 0.95
_LARGEST: Final = 700  # px; larger pictures are scaled down before they are copied
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CopyScores:
    """Figures of an embedder.

    `pictures`: their number. `average_precision`: of all pairs of a picture and a copy, by distance. `distance`: the
    largest at which `PRECISION` is kept. `recall`: kind of copy → share of the copies found up to that distance.
    `near`: share of the pairs of two different pictures up to that distance, without copies.
    """

    pictures: int
    average_precision: float
    distance: float
    recall: dict[str, float]
    near: float


def judge_copies(embedder: Embedder, paths: Sequence[Path], limits: Limits) -> CopyScores:
    """Judge an embedder by the pictures of these files and their copies.

    Raises:
        PictureError: a picture cannot be read.
        InputError: fewer than two pictures.
    """
    if len(paths) < 2:
        raise InputError(f"{len(paths)} pictures: at least two are needed, to tell one from another")
    return score(np.stack([_vectors(embedder, path, limits) for path in paths]))


def pictures_in(folder: Path) -> list[Path]:
    """Return the files in the folder and its subfolders whose names end as pictures' do, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())


def score(vectors: Floats) -> CopyScores:
    """Score unit vectors of shape (pictures, 1 + kinds, dimensions): of each picture, then of its copies."""
    pictures, copies = vectors[:, 0], vectors[:, 1:]
    number, kinds = copies.shape[:2]
    alike = pictures @ copies.reshape(number * kinds, -1).T  # (pictures, copies of all)
    is_true = np.arange(number)[:, None] == np.arange(number * kinds)[None] // kinds
    order = np.argsort(-alike, axis=None, kind="stable")
    hits = is_true.ravel()[order]
    precision = np.cumsum(hits) / np.arange(1, hits.size + 1)
    falling = alike.ravel()[order]
    is_last = np.append(falling[1:] < falling[:-1], True)  # of several pairs at one distance, all count
    kept = np.nonzero((precision >= PRECISION) & is_last)[0]
    least = falling[kept[-1]] if kept.size else np.inf
    own = np.einsum("nd,nkd->nk", pictures, copies)
    others = (pictures @ pictures.T)[np.triu_indices(number, 1)]
    return CopyScores(
        pictures=number,
        average_precision=float(precision[hits].mean()),
        distance=float(1 - least) if kept.size else 0.0,
        recall=dict(zip(KINDS, (own >= least).mean(axis=0).tolist(), strict=True)),
        near=float((others >= least).mean()),
    )


def _vectors(embedder: Embedder, path: Path, limits: Limits) -> Floats:
    """Return the unit vectors of a picture and its copies: shape (1 + kinds, dimensions)."""
    picture = open_upright(path, limits).convert("RGB")
    picture.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    rows = embedder.embed([picture, *copies_of(picture, path.name)])
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return unit


def lines(name: str, scores: CopyScores) -> Iterator[str]:
    """Yield the figures as lines of text."""
    yield (
        f"{name}: average precision {scores.average_precision:.4f} on {scores.pictures:,} pictures and their copies;"
        f" {PRECISION:.0%} of pairs are right up to a distance of {scores.distance:.3f},"
        f" and {scores.near:.4%} of the pairs of different pictures are as near"
    )
    yield from (f"  {kind}: {recall:.1%} found" for kind, recall in scores.recall.items())
