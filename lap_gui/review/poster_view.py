"""A poster as the tools show it: decoded, with facts about its file. Read in threads, ahead of the reviewer."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from lap_assets.core.errors import PictureError
from lap_assets.core.files import sha256_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.sizes import PosterSize, SizeKey
from lap_assets.pictures.fidelity import measure_fidelity
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, inspect
from lap_assets.pictures.jpeg_quality import quality_of
from lap_gui.review.image_facts import ImageFacts
from lap_gui.review.poster_files import PosterFiles
from lap_gui.shared.loading import Loader
from lap_gui.shared.pictures import Picture, read_picture

MAX_BYTES: Final = 384 * 2**20
"""Limit of the decoded bytes of pictures read ahead and kept."""


@dataclass(frozen=True, slots=True)
class PosterView:
    """A picture, its facts and its file's sha256; if it cannot be shown, `picture.problem` says why."""

    picture: Picture
    facts: ImageFacts
    sha256: str

    def problem_for(self, sha256: str) -> str | None:
        """Return why it cannot be judged as the poster with that content ("": any content); None if it can."""
        if self.picture.problem is not None:
            return self.picture.problem
        if sha256 and sha256 != self.sha256:
            return "the file's content is not the one in the list"
        return None


def read_view(path: Path, limits: Limits = DEFAULT_LIMITS) -> PosterView:
    """Read a poster's whole file. Never raises for a bad file."""
    picture = read_picture(path, limits)
    if not picture.levels:
        return PosterView(picture, ImageFacts(path.name, 0, 0, picture.weight), "")
    return PosterView(picture, read_image_facts(path, limits), sha256_of(path))


def read_image_facts(path: Path, limits: Limits = DEFAULT_LIMITS) -> ImageFacts:
    """Return a poster's facts from its file's header, without decoding it; 0 pixels if it cannot be read."""
    try:
        header = inspect(path, limits)
        return ImageFacts(path.name, *header.size, path.stat().st_size, quality_of(header.tables))
    except (PictureError, OSError):
        return ImageFacts(path.name, 0, 0, 0)


def size_keys(files: PosterFiles) -> Callable[[Poster], SizeKey]:
    """Return the size order as a function of posters, which measures each file when called."""
    return lambda poster: _measured_size(files.find(poster.name)).key


def _measured_size(path: Path) -> PosterSize:
    size = read_image_facts(path).size
    try:
        return size._replace(fidelity=measure_fidelity(path))
    except PictureError:
        return size


def view_loader(max_bytes: int = MAX_BYTES, threads: int = 3) -> Loader[PosterView]:
    """Return a loader that reads posters ahead."""
    read = partial(read_view, limits=Limits.from_environment(os.environ))
    return Loader(read, lambda shown: shown.picture.memory, max_bytes, threads)
