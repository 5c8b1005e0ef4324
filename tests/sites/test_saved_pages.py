"""The parsers on real pages saved by other projects; the folder is not part of this project."""

import re
from pathlib import Path

import pytest

from lap_assets.sites import mal, wa
from lap_assets.sites.outcomes import Outcome

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason="no saved pages beside this checkout")

LISTING = mal.listing_url(0)
MAL_PAGES = (
    "error_404_2022",
    "error_503_2018",
    "listing_cv2_o9_w1_2016-08",
    "listing_o9_2022-09",
    "listing_past_the_end_2016-08",
    "pics_1887_2017-03",
    "pics_1_2018-07",
    "pics_trimmed_2026",
)


def saved(site: str, name: str) -> bytes:
    return (PAGES / site / f"{name}.html").read_bytes()


@pytest.mark.parametrize(("name", "first"), [("listing_o9_2022-09", 53071), ("listing_cv2_o9_w1_2016-08", 33964)])
def test_a_listing_has_fifty_rows_in_descending_order(name: str, first: int) -> None:
    found = mal.parse_listing(saved("mal", name), LISTING)
    ids = [row.mal_id for row in found.anime]

    assert found.outcome is Outcome.OK
    assert ids[0] == first
    assert len(ids) == 50
    assert ids == sorted(set(ids), reverse=True)
    assert all(row.slug for row in found.anime)


def test_past_the_end_the_listing_is_empty() -> None:
    assert mal.parse_listing(saved("mal", "listing_past_the_end_2016-08"), LISTING) == mal.Listing(Outcome.EMPTY)


@pytest.mark.parametrize(
    ("name", "mal_id", "count", "first"),
    [
        ("pics_1_2018-07", 1, 10, (7, 3791)),
        ("pics_1887_2017-03", 1887, 3, (13, 15010)),
        ("pics_trimmed_2026", 1, 2, (7, 3791)),
    ],
)
def test_pictures_pages(name: str, mal_id: int, count: int, first: tuple[int, int]) -> None:
    found = mal.parse_pictures(saved("mal", name), mal.pictures_url(mal_id, "x"))
    assert found.outcome is Outcome.OK
    assert len(found.pictures) == count
    assert found.pictures[0] == first


@pytest.mark.parametrize(("name", "asked"), [("pics_1_2018-07", 1887), ("pics_1887_2017-03", 1)])
def test_the_pictures_page_of_another_anime_proves_nothing(name: str, asked: int) -> None:
    found = mal.parse_pictures(saved("mal", name), mal.pictures_url(asked, "x"))
    assert found == mal.Pictures(Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("name", "outcome"), [("error_404_2022", Outcome.NOT_FOUND), ("error_503_2018", Outcome.BLOCKED)]
)
def test_error_pages_are_distinguished_from_empty_ones(name: str, outcome: Outcome) -> None:
    assert mal.parse_listing(saved("mal", name), LISTING).outcome is outcome
    assert mal.parse_pictures(saved("mal", name), mal.pictures_url(1, "x")).outcome is outcome


@pytest.mark.parametrize("name", MAL_PAGES)
def test_a_page_of_one_kind_is_unknown_to_the_other_parser(name: str) -> None:
    body = saved("mal", name)
    if name.startswith("listing"):
        assert mal.parse_pictures(body, mal.pictures_url(1, "x")).outcome is Outcome.UNKNOWN
    elif name.startswith("pics"):
        assert mal.parse_listing(body, LISTING).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("name", "wa_id", "mal_id", "work_type", "genre", "release"),
    [
        ("animation_3_2013", 147, 3786, "полнометражный фильм", "приключения, фантастика", "??.??.2015"),
        (
            "animation_railgun_s_2013",
            1895,
            16049,
            "ТВ (24 эп.), 25 мин.",
            "приключения, фантастика",
            "c 12.04.2013 по 27.09.2013",
        ),
    ],
)
def test_an_animation(name: str, wa_id: int, mal_id: int, work_type: str, genre: str, release: str) -> None:
    found = wa.parse_animation(saved("wa", name), wa.animation_url(wa_id))
    assert (found.outcome, found.wa_id, found.mal_id) == (Outcome.OK, wa_id, mal_id)
    assert (found.work_type, found.genre, found.release) == (work_type, genre, release)


@pytest.mark.parametrize(("name", "wa_id"), [("animation_3_2013", 147), ("animation_railgun_s_2013", 1895)])
def test_a_main_page_is_not_a_posters_page_without_posters(name: str, wa_id: int) -> None:
    assert wa.parse_posters(saved("wa", name), wa.posters_url(wa_id)) == wa.Posters(Outcome.UNKNOWN)
    assert wa.parse_animation(saved("wa", name), wa.animation_url(wa_id + 1)).outcome is Outcome.UNKNOWN


def test_the_page_that_leads_to_not_connect_is_a_block() -> None:
    body = saved("wa", "not_connect_2013")
    assert wa.parse_animation(body, wa.animation_url(5)).outcome is Outcome.BLOCKED
    assert wa.parse_posters(body, wa.posters_url(5)).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("name", ["pics_1_2018-07", "pics_1887_2017-03", "pics_trimmed_2026"])
def test_a_truncated_pictures_page_yields_all_or_nothing(name: str) -> None:
    body = saved("mal", name)
    url = mal.pictures_url(1887 if "1887" in name else 1, "x")
    whole = mal.parse_pictures(body, url)
    for cut in range(0, len(body), max(1, len(body) // 200)):
        found = mal.parse_pictures(body[:cut], url)
        assert found.outcome is not Outcome.EMPTY
        assert found == whole or found.outcome is not Outcome.OK


@pytest.mark.parametrize(("name", "wa_id"), [("animation_3_2013", 147), ("animation_railgun_s_2013", 1895)])
def test_a_truncated_animation_page_yields_all_or_nothing(name: str, wa_id: int) -> None:
    """These pages end with their last table, so they are cut at the end of each inner table."""
    body = saved("wa", name)
    whole = wa.parse_animation(body, wa.animation_url(wa_id))
    ends = [match.end() for match in re.finditer(rb"</table>", body)]
    for cut in {*ends, *range(0, len(body), len(body) // 100)}:
        found = wa.parse_animation(body[:cut], wa.animation_url(wa_id))
        assert found == whole or found.outcome is not Outcome.OK
