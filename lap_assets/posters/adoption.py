"""Adopt an existing folder of posters: find and check its posters, and copy them into the store.

Only pictures belong here. Label files are in `labels.adoption`; the command reports to Dagster.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path

from lap_assets.core.errors import FileError, NameInvalid, PictureError
from lap_assets.core.files import replacing, sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Progress
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.pictures.gate import Limits
from lap_assets.posters.picture_rows import Fetched, keep
from lap_assets.posters.store import StoredPicture, check_picture
from lap_assets.sites.ratings import learn_adopted
from lap_assets.sites.specs import site_specs
from lap_assets.sites.state import SiteState


@dataclass(frozen=True, slots=True)
class Found:
    """A poster in the folder: its name, its path, its content."""

    name: PosterName
    path: Path
    picture: StoredPicture


def candidates(folder: Path) -> tuple[list[tuple[PosterName, Path]], list[str]]:
    """Return the files in the subfolders with valid poster names, by name; and a line for each other file.

    Raises:
        FileError: the folder does not exist, or has none of the subfolders.
    """
    if not folder.is_dir():
        raise FileError(f"{folder}: {'not a folder' if folder.exists() else 'there is no such folder'}")
    subfolders = [key for key in SUBFOLDERS if (folder / key).is_dir()]
    if not subfolders:
        raise FileError(f"{folder} is not a LAP folder: it has none of the subfolders {', '.join(SUBFOLDERS)}")
    named: dict[PosterName, Path] = {}
    problems = []
    for key in subfolders:
        for path in sorted((folder / key).iterdir()):
            shown = f"{key}/{path.name}"
            try:
                name = PosterName.parse(path.name)
            except NameInvalid as error:
                problems.append(f"{shown}: {error}")
                continue
            if name.subfolder != key:
                problems.append(f"{shown}: it belongs in subfolder {name.subfolder}")
            elif not path.is_file() or name in named:
                problems.append(f"{shown}: {'this poster is there twice' if name in named else 'it is not a file'}")
            else:
                named[name] = path
    return sorted(named.items()), problems


def look_at(
    named: Sequence[tuple[PosterName, Path]], *, limits: Limits, progress: Progress
) -> tuple[list[Found], list[str]]:
    """Decode every file completely; return the valid pictures, and a line for each other file."""
    found: list[Found] = []
    problems = []
    with (
        progress.task("pictures to adopt", len(named)) as advance,
        ThreadPoolExecutor(cpu_count()) as pool,
    ):
        for (name, path), seen in zip(named, pool.map(lambda one: _seen(one[1], limits), named), strict=True):
            if isinstance(seen, StoredPicture):
                found.append(Found(name, path, seen))
            else:
                problems.append(f"{path.parent.name}/{path.name}: {seen}")
            advance(1)
    return found, problems


def take_in(found: Sequence[Found], home: Home, progress: Progress) -> int:
    """Copy the posters that the home lacks into its store; return how many.

    All are recorded as fetched. A poster that the home holds with different content is left unchanged.
    """
    taken = 0
    for spec in site_specs():
        own = [one for one in found if one.name.source == spec.key]
        title = f"adopting posters of {spec.entry.title}"
        with SiteState(home.state, spec.site) as state, progress.task(title, len(own)) as advance:
            by_page: defaultdict[int, list[Fetched]] = defaultdict(list)
            for one, is_new in _placed(own, home):
                taken += is_new
                by_page[spec.posters.page_of(one.name)].append(
                    Fetched(one.name, one.name.image_url, one.picture, one.path.stat().st_mtime)
                )
                advance(1)
            with state.transaction():
                for page, fetched in by_page.items():
                    keep(state, page, fetched)
                if spec.site.rates:
                    learn_adopted(state, {one.name.mal_id for one in found})
    return taken


def _seen(path: Path, limits: Limits) -> StoredPicture | str:
    try:
        return check_picture(path.read_bytes(), limits)
    except (PictureError, OSError) as error:
        return str(error)


def _placed(found: Sequence[Found], home: Home) -> Iterator[tuple[Found, bool]]:
    """Yield each poster whose content is now in the store, and whether it was copied."""
    for one in found:
        path = home.poster(one.name)
        if path.exists():
            if sha256_of(path) == one.picture.sha256:
                yield one, False
            continue
        with replacing(path) as beside:
            shutil.copyfile(one.path, beside)
        yield one, True
