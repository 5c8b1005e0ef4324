"""`make load-full`: scrape both sites at the original's size, without faults and with every kind on some requests.

python -m tests.crashes.at_size LISTS|ANIME SHARE [PROCESSES]

LISTS is a folder with the original's lists, ANIME a number of anime of a procedural world. The catalogs come first,
then each subfolder's posters from each site, each in a home of its own, so that waits overlap. A picture that failed on
three visits, and a page that twice claimed to have none, are requested again when the page is due: the time of pages
with missing pictures is moved back, and pictures missing before that are reported. Later assets depend only on the
posters, and are compared by `make load`.
"""

import hashlib
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_kinds import parse_faults
from lap_assets.replica.lists import catalog_from_lists
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import Replica
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.specs import spec_of
from lap_assets.sites.wa import WA
from tests.crashes import scraped
from tests.crashes.asking import every_fault, let_a_year_pass
from tests.crashes.scraped import ScrapeCounts

_TIMES: Final = ["first_seen", "last_seen"]
_YEARS: Final = 3
_RX: Final = 0.01  # the lists have no ratings
_KEPT: Final = 2**30  # bytes of drawn posters: the second scrape reuses those of the first

Posters = dict[str, tuple[object, ...]]


@dataclass(slots=True)
class ScrapePart:
    """Result of one part: posters without faults, those missing or different with faults, before and after a year."""

    name: str
    held: int
    at_first: int
    wrong: int
    usual: ScrapeCounts
    disturbed: ScrapeCounts
    names: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return one line."""
        return (
            f"{self.name}: {self.held:,} without faults, {self.at_first} missing or different with them,"
            f" {self.wrong} once the pages were due again; {self.usual.requests:,} and {self.disturbed.requests:,}"
            f" requests, {self.disturbed.faults.total():,} faults, {self.disturbed.bans} bans,"
            f" {self.disturbed.after_ban} requests during them;"
            f" {self.usual.seconds:.0f} and {self.disturbed.seconds:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class _Load:
    world: str
    share: float
    place: Path

    def home(self, kind: str, part: str) -> Path:
        return self.place / kind / part


def main(world: str, share: float, processes: int) -> int:
    """Return 0 if all parts have equal results and no request was sent while a breaker was open."""
    began = time.monotonic()
    parts = compare(world, share, processes)
    usual = sum((part.usual for part in parts), ScrapeCounts())
    disturbed = sum((part.disturbed for part in parts), ScrapeCounts())
    posters = [part for part in parts if "catalog" not in part.name]
    wrong = sum(part.wrong for part in parts)
    print(
        f"{sum(part.held for part in posters):,} posters; {usual.requests:,} requests without faults,"
        f" {disturbed.requests:,} with {disturbed.faults.total():,} faults of {len(disturbed.faults)} kinds,"
        f" {disturbed.runs:,} runs, {disturbed.bans:,} bans, {disturbed.after_ban} requests during them;"
        f" {sum(part.at_first for part in parts)} missing or different at first, {wrong} at the end;"
        f" {time.monotonic() - began:.0f} s"
    )
    print("  " + ", ".join(f"{kind} {count:,}" for kind, count in disturbed.faults.most_common()))
    return min(wrong + disturbed.after_ban, 1)


def compare(world: str, share: float, processes: int) -> list[ScrapePart]:
    """Scrape every part without and with faults; print each result."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as place, ProcessPoolExecutor(processes, mp_context=spawn) as pool:
        load = _Load(world, share, Path(place))
        catalogs = {site: pool.submit(_catalog, load, site) for site in (MAL, WA)}
        return [future.result() for future in _all(pool, load, catalogs)]


def _all(
    pool: ProcessPoolExecutor, load: _Load, catalogs: dict[Site, "Future[ScrapePart]"]
) -> "Iterator[Future[ScrapePart]]":
    """Yield and print the result of every part; World Art's posters wait for both catalogs."""
    waiting = set(catalogs.values())
    for site in (MAL, WA):
        catalogs[site].result()
        waiting |= {pool.submit(_posters, load, site, subfolder) for subfolder in reversed(SUBFOLDERS)}
    for future in as_completed(waiting):
        print(future.result(), *future.result().names, sep="\n  ", flush=True)
        yield future


def _catalog(load: _Load, site: Site) -> ScrapePart:
    part = f"{site} catalog"
    counts, tables = [], []
    with _replica(load, part) as (replica, log):
        for kind in ("usual", "disturbed"):
            work = _run_context(load, kind, "catalogs", replica)
            counts.append(scraped.catalog_to_end(work, site, log))
            rows = scraped.mal_rows(work) if site == MAL else scraped.wa_rows(work)
            tables.append({str(row) for row in rows.drop(_TIMES, strict=False).iter_rows()})
    wrong = sorted(tables[0] ^ tables[1])
    return ScrapePart(part, len(tables[0]), len(wrong), len(wrong), counts[0], counts[1], wrong[:10])


def _posters(load: _Load, site: Site, subfolder: str) -> ScrapePart:
    part = f"{site}-{subfolder}"
    counts, ends, works = [], [], []
    with _replica(load, part) as (replica, log):
        for kind in ("usual", "disturbed"):
            catalogs = scraped.run_context(load.home(kind, "catalogs"))
            scraped.begin_from(catalogs, site, load.home(kind, part))
            works.append(_run_context(load, kind, part, replica))
            pages = scraped.poster_pages(catalogs, site, subfolder)
            counts.append(scraped.posters_to_end(works[-1], site, pages, log))
            ends.append(_held(works[-1], site))
        at_first = _unequal(*ends)
        wrong = at_first
        for _ in range(_YEARS):
            if wrong:
                let_a_year_pass(works[1], site, spec_of(site.key).posters.page_kind, _pages_of(works, site, wrong))
                counts[1] += scraped.posters_to_end(works[1], site, pages, log)
                wrong = _unequal(ends[0], _held(works[1], site))
    for work in works:
        shutil.rmtree(work.home.root)
    return ScrapePart(part, len(ends[0]), len(at_first), len(wrong), counts[0], counts[1], wrong[:10])


def _held(work: RunContext, site: Site) -> Posters:
    """Return every poster of this site's home by name: the checksum of its bytes, and its row without times."""
    with open_state(work, site) as state:
        rows = state.rows("SELECT name, mal_id, page, url, width, height, gone_since IS NULL FROM pictures")
    known = {name: rest for name, *rest in rows}
    files = {path.name: path for path in work.home.posters.rglob("*") if path.is_file()}
    return {
        name: (
            *known.get(name, ()),
            hashlib.sha256(files[name].read_bytes()).hexdigest() if name in files else "no file",
        )
        for name in known.keys() | files.keys()
    }


def _unequal(one: Posters, other: Posters) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _pages_of(works: list[RunContext], site: Site, names: list[str]) -> list[int]:
    pages = set()
    for work in works:
        with open_state(work, site) as state:
            of_name = dict(state.rows("SELECT name, page FROM pictures"))
        pages |= {of_name[name] for name in names if name in of_name}
    return sorted(pages)


@contextmanager
def _replica(load: _Load, part: str) -> Iterator[tuple[Replica, Path]]:
    log = load.place / f"{part}.jsonl"
    with Replica(_catalog_of(load.world), request_log=log, kept_bytes=_KEPT) as replica:
        yield replica, log
    log.unlink(missing_ok=True)


def _run_context(load: _Load, kind: str, part: str, replica: Replica) -> RunContext:
    """Yield the home of a part, with a replica with or without faults; other parts draw other faults."""
    usual = kind == "usual"
    replica.faults[:] = parse_faults([] if usual else every_fault(load.share), sum(part.encode()))
    return scraped.run_context(load.home(kind, part), replica.url, 120.0 if usual else 1.0)


@lru_cache(1)
def _catalog_of(world: str) -> Catalog:
    return procedural_catalog(int(world), 1) if world.isdecimal() else catalog_from_lists(Path(world), rx_share=_RX)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 4))
