"""Restoring what a home lacks: posters from their sites, and files of a release from images and posters.

Nothing is deleted: changed files are moved into `set_aside/` in the home. Unexpected files are left alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lap_assets.core.errors import NameInvalid, PageFailed, PictureError, ScrapeStopped
from lap_assets.core.files import link_or_copy, sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.set_aside import set_aside
from lap_assets.integrity.issues import Issue
from lap_assets.posters import picture_rows as rows
from lap_assets.posters.store import store
from lap_assets.release.layout import SUMS
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state


async def refetch(run_context: RunContext, site: Site, wrong: Sequence[Issue]) -> list[str]:
    """Fetch this site's missing or changed posters again; return a line for each that differs from the original."""
    names = {PosterName.parse(one.path.name): one for one in wrong}
    issues = {name: one for name, one in names.items() if name.source == site.key}
    lines: list[str] = []
    if not issues:
        return lines
    with open_state(run_context, site) as state:
        known = {name: rows.known(state, name.mal_id)[name] for name in issues}
        pages = dict(state.rows("SELECT name, page FROM pictures"))
        try:
            async with open_client(run_context, site, state) as client:
                for name, one in issues.items():
                    fetched = await _fetch(client, run_context, known[name], one)
                    with state.transaction():
                        rows.keep(state, pages[str(name)], [replace(fetched, delisted=known[name].delisted)])
                    lines += _difference(known[name], fetched, one.path)
        except ScrapeStopped as stopped:
            lines.append(str(stopped))
    return lines


async def _fetch(client: SiteClient, run_context: RunContext, known: rows.Fetched, one: Issue) -> rows.Fetched:
    settings, home = run_context.settings, run_context.home
    try:
        reply = await client.get(known.url, limit=settings.max_picture_bytes)
        if reply.status != 200:
            return rows.Fetched(known.name, known.url, problem=f"{known.url}: not found")
        if one.path.exists():
            set_aside(home, one.path)
        stored = store(one.path, reply.body, settings.picture_limits)
    except (PageFailed, PictureError) as error:
        return rows.Fetched(known.name, known.url, problem=str(error))
    return rows.Fetched(known.name, known.url, stored, known.fetched_at)


def _difference(known: rows.Fetched, fetched: rows.Fetched, path: Path) -> list[str]:
    if fetched.stored is None:
        return [f"{path}: {fetched.problem}"]
    if known.stored is not None and known.stored.sha256 != fetched.stored.sha256:
        return [f"{path}: the site now serves another picture; it was stored, and `lap run` continues with it"]
    return []


def relink(home: Home, wrong: Sequence[Issue]) -> list[str]:
    """Restore a release's images from the home's files, by checksum; return a line per file without a source."""
    lines = []
    for one in wrong:
        release = next(parent for parent in one.path.parents if parent.parent == home.release)
        manifest = (release / SUMS).read_text().splitlines() if (release / SUMS).exists() else []
        sums = {line[66:]: line[:64] for line in manifest}
        source = _source(home, one.path, sums.get(one.path.relative_to(release).as_posix()))
        if source is None:
            lines.append(f"{one.path}: no file in this home has its original content")
            continue
        if one.path.exists():
            set_aside(home, one.path)
        link_or_copy(source, one.path)
    return lines


def _source(home: Home, path: Path, sha256: str | None) -> Path | None:
    try:
        name = PosterName.parse(path.name)
    except NameInvalid:
        return None
    paths = (home.image(name), home.poster(name))
    return next((path for path in paths if path.is_file() and sha256_of(path) == sha256), None)
