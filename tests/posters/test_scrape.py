"""Scraping a subfolder: everything arrives, nothing twice, however it is interrupted."""

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import httpx
import pytest
from PIL import Image

from lap_assets.core.names import PosterName
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.sites import wa
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA
from tests.posters.scraping import PAGES, Scraped, held, outcome, run, scraped
from tests.sites.stand import Stand
from tests.slow import mostly_slow


def images(stand: Stand) -> list[str]:
    """Return the addresses of pictures that were requested and received."""
    return [f"{one.site}{one.path}" for one in stand.asked() if one.path.endswith(".jpg") and one.status == 200]


def test_all_posters_arrive_as_the_sites_have_them(stand: Stand, undisturbed: Scraped) -> None:
    names = {name for name, _ in stand.replica.catalog.wanted() if name.subfolder == "0" and name.mal_id != 77}
    assert undisturbed.files.keys() == {str(name) for name in names}
    with httpx.Client(base_url=stand.replica.url, timeout=600) as client:
        for name in names:
            paths = [f"/mal-cdn/images/anime/{name.first}/{name.second}l.jpg"]
            if name.source == "wa":
                urls = wa.image_urls(name.first, name.second)
                paths = [url.replace("http://www.world-art.ru", "/wa") for url in urls]
            bodies = [answer.content for path in paths if (answer := client.get(path)).status_code == 200]
            assert bodies == [undisturbed.files[str(name)]]


def test_the_manifest_describes_the_files(stand: Stand, undisturbed: Scraped) -> None:
    rows = [row for site in (MAL, WA) for row in undisturbed.tables[site].iter_rows(named=True)]
    assert {row["name"] for row in rows} == undisturbed.files.keys()
    for row in rows:
        body = undisturbed.files[row["name"]]
        name = PosterName.parse(row["name"])
        with Image.open(io.BytesIO(body)) as picture:
            turned = picture.getexif().get(0x0112, 1) >= 5
            assert (row["width"], row["height"]) == (picture.size[::-1] if turned else picture.size)
        assert (row["bytes"], row["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        assert (row["mal_id"], row["source"], row["gone_since"]) == (name.mal_id, name.source, None)
        given = (name.image_url,) if name.source == "mal" else wa.image_urls(name.first, name.second)
        assert row["url"] in given


def test_nothing_of_excluded_or_unlisted_anime_is_requested(stand: Stand, undisturbed: Scraped) -> None:
    scraped(stand.run_context())
    paths = stand.paths()
    assert not [path for path in paths if "/anime/4/" in path or path.endswith(("401l.jpg", "402l.jpg"))]
    assert not [path for path in paths if path.endswith(("id=3", "id=8", "id=9")) or "/1000/3/" in path]
    assert not [name for name in undisturbed.files if name.startswith(("MAL00004", "MAL00077"))]


def test_a_second_scrape_sends_no_requests(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    scraped(work)
    stand.log.unlink()
    assert scraped(work) == undisturbed
    assert stand.asked() == []


def test_a_revisit_reads_the_pages_and_no_picture(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    scraped(work)
    stand.log.unlink()
    for site in (MAL, WA):
        assert run(work, site, revisit_days=0).fetched == 0
    assert len(stand.paths()) == sum(len(pages) for pages in PAGES.values())
    assert outcome(work) == undisturbed


def test_only_a_deleted_file_is_fetched_again(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    scraped(work)
    stand.log.unlink()
    lost = work.home.poster(PosterName.mal(1, 2, 102))
    lost.unlink()

    assert lost.name not in held(work)["name"].to_list()
    assert scraped(work) == undisturbed
    assert stand.paths() == ["/anime/1/Kite___Co/pics", "/images/anime/2/102l.jpg"]


def test_a_file_in_place_without_a_row_is_adopted(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    name = PosterName.mal(1, 2, 102)
    place = work.home.poster(name)
    place.parent.mkdir(parents=True)
    place.write_bytes(undisturbed.files[str(name)])

    assert scraped(work) == undisturbed
    assert "/images/anime/2/102l.jpg" not in stand.paths()


def test_a_broken_file_in_place_is_replaced(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    name = PosterName.mal(1, 2, 102)
    place = work.home.poster(name)
    place.parent.mkdir(parents=True)
    place.write_bytes(undisturbed.files[str(name)][:-300])
    assert scraped(work) == undisturbed


# A page, and a picture at its second address, take three requests: a run with fewer makes no progress.
@pytest.mark.parametrize("budget", mostly_slow([3, 4, 5, 7], {7}))
def test_a_scrape_in_pieces_has_an_equal_result_and_requests_no_picture_twice(
    stand: Stand, undisturbed: Scraped, budget: int
) -> None:
    work = stand.run_context(budget_requests=budget)
    for site in (MAL, WA):
        for _ in range(40):
            before = len(stand.asked())
            report = run(work, site)
            assert report.requests == len(stand.asked()) - before <= budget
            assert (report.stopped is None) == (report.pending == 0)
            if report.stopped is None:
                break
    assert outcome(work) == undisturbed
    assert set(Counter(images(stand)).values()) == {1}


def test_a_stop_keeps_the_fetched_pictures(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.slow(30, pattern="103l"))
    work.stop.set()
    assert "stopped" in (run(work).stopped or "")
    assert stand.asked() == []
    stand.replica.faults.clear()
    assert scraped(stand.run_context()) == undisturbed


SCRIPT = """
import sys
from pathlib import Path
from lap_assets.settings import Settings
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA
from lap_assets.run_context import RunContext
from tests.posters.scraping import run
for site in (MAL, WA):
    run(RunContext(Settings(home=Path(sys.argv[1]), sites_url=sys.argv[2], pause="0")), site)
"""


@pytest.mark.slow
def test_a_repeatedly_killed_scrape_has_an_equal_result(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.slow(0.03, pattern="jpg|anime|animation"))
    moments = random.Random(3)
    for number in (3, 4, 6):
        child = start(work)
        asked = len(stand.asked())
        while len(stand.asked()) < asked + number and child.poll() is None:
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.03))
        child.kill()
        child.wait()
    (work.home.posters / "0").mkdir(parents=True, exist_ok=True)
    (work.home.posters / "0" / ".MAL00001_0002_000101.jpg.1-abcd.part").write_bytes(b"\xff\xd8half")

    assert start(work).wait() == 0
    found = outcome(work)
    assert found.files == undisturbed.files
    assert found.tables[MAL].equals(undisturbed.tables[MAL])
    # The address of an adopted file is unknown if there are two candidates.
    assert found.tables[WA].drop("url").equals(undisturbed.tables[WA].drop("url"))


def start(work: RunContext) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(work.home.root), str(work.settings.sites_url)], env=environment
    )


def test_the_state_of_a_killed_scrape_is_readable(stand: Stand) -> None:
    work = stand.run_context()
    child = start(work)
    while not stand.paths() and child.poll() is None:
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    with open_state(work, MAL) as state:
        assert state.rows("PRAGMA integrity_check") == [("ok",)]
