"""Pages whose markup changed: nothing is concluded from what selectors no longer find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.replica import mal_pages, wa_pages
from lap_assets.replica.catalog import Anime
from lap_assets.sites import mal, wa
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating, rating_of
from tests.profiles import examples
from tests.sites.bent import bent
from tests.sites.stand import animation, anime

DECOYS = (anime(1, 1), anime(2, 2), anime(30_000, 3))
SEEDS = st.integers(0, 10_000)
TIMES = st.integers(1, 3)


@examples(300)
@given(SEEDS, TIMES, st.sampled_from([anime(7, 70, 71, 72), anime(8, 80, rx=True)]))
def test_a_changed_pictures_page_is_never_empty_and_an_rx_anime_never_rated(
    seed: int, times: int, shown: Anime
) -> None:
    body = bent(mal_pages.pictures(shown, DECOYS).encode(), seed, times)
    found = mal.parse_pictures(body, mal.pictures_url(shown.mal_id, "x"))
    assert found.outcome is not Outcome.EMPTY
    assert found.rating is not Rating.RATED or not shown.rx
    assert found.rating is not Rating.RX or shown.rx
    assert set(found.pictures) <= set(shown.pictures)


@examples(150)
@given(SEEDS, TIMES)
def test_a_changed_listing_is_never_empty(seed: int, times: int) -> None:
    rows = [anime(number, number) for number in range(60, 50, -1)]
    page = mal_pages.listing(rows, show=0, total=10, rx_only=False, decoys=DECOYS)
    found = mal.parse_listing(bent(page.encode(), seed, times), mal.listing_url(0))
    assert found.outcome is not Outcome.EMPTY
    assert {row.mal_id for row in found.anime} <= {row.mal_id for row in rows}


@examples(150)
@given(SEEDS, TIMES)
def test_a_changed_page_of_world_art_is_never_empty(seed: int, times: int) -> None:
    page = wa_pages.posters(animation(7, 5, 1, 2, 82), None).encode("cp1251", "xmlcharrefreplace")
    found = wa.parse_posters(bent(page, seed, times, "cp1251"), wa.posters_url(7))
    assert found.outcome is not Outcome.EMPTY
    assert set(found.numbers) <= {1, 2, 82}


def test_a_listing_whose_row_class_was_renamed_in_some_rows_is_unknown() -> None:
    rows = [anime(number, number) for number in range(60, 50, -1)]
    page = mal_pages.listing(rows, show=0, total=10, rx_only=False, decoys=DECOYS)
    for times in (1, 4, 10):
        body = page.replace("hoverinfo_trigger fw-b", "hoverinfo_trigger fw-bold", times).encode()
        assert mal.parse_listing(body, mal.listing_url(0)).outcome is Outcome.UNKNOWN


def test_a_gallery_whose_class_was_renamed_in_some_links_is_unknown() -> None:
    page = mal_pages.pictures(anime(7, 70, 71, 72), DECOYS)
    for times in (1, 2, 3):
        body = page.replace("js-picture-gallery", "js-gallery-item", times).encode()
        assert mal.parse_pictures(body, mal.pictures_url(7, "x")).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("words", ["", "Pictures are loading.", "Log in to see pictures that were added."])
def test_without_the_words_a_page_without_pictures_is_unknown(words: str) -> None:
    page = mal_pages.pictures(anime(7), DECOYS)
    assert mal.parse_pictures(page.encode(), mal.pictures_url(7, "x")).outcome is Outcome.EMPTY
    other = page.replace(mal_pages.NONE_ADDED, words).encode()
    assert mal.parse_pictures(other, mal.pictures_url(7, "x")).outcome is Outcome.UNKNOWN
    posters = wa_pages.posters(animation(7, 5), None).replace(wa_pages.NONE_ADDED, words)
    assert wa.parse_posters(posters.encode("cp1251"), wa.posters_url(7)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("R - 17+ (violence & profanity)", Rating.RATED),
        ("R+ - Mild Nudity", Rating.RATED),
        ("PG-13 - Teens 13 or older", Rating.RATED),
        ("PG - Children", Rating.RATED),
        ("G - All Ages", Rating.RATED),
        ("Rx - Hentai", Rating.RX),
        ("RX - Hentai", Rating.RX),
        ("None", Rating.UNRATED),
        ("", Rating.UNKNOWN),
        ("8.81", Rating.UNKNOWN),
        ("Great", Rating.UNKNOWN),
    ],
)
def test_the_words_of_a_rating(words: str, rating: Rating) -> None:
    assert rating_of(words) is rating
    page = mal_pages.pictures(anime(7, 70), DECOYS).replace(mal_pages.rating_words(anime(7)), words)
    found = mal.parse_pictures(page.encode(), mal.pictures_url(7, "x"))
    assert (found.outcome, found.rating) == (Outcome.OK, rating)


def test_the_address_of_a_picture_comes_from_the_page() -> None:
    page = mal_pages.pictures(anime(7, 70, 71), DECOYS).replace("/70l.jpg", "/70.jpg")
    found = mal.parse_pictures(page.encode(), mal.pictures_url(7, "x"))
    root = "https://cdn.myanimelist.net/images/anime/8"
    assert found.addresses == (f"{root}/70.jpg", f"{root}/71l.jpg")


WRAPPERS = (
    ("", ""),
    ("<div id='bipack'><table><tr><td><script src='/bipack/top.js'></script>", "</td></tr></table></div>"),
    ("<script src='/bipack/a.js'></script><table><tr><td>", "<script>" + "x = '</table>';" * 900 + "</script>"),
    ("<iframe src='/bipack/1'><html><body></body></html></iframe>", "<table><tr><td>"),
    ("<meta charset='utf-8'>", "<!-- bipack -->" * 800),
    ("<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>", ""),
)
FOOT = "<table><tr><td>Права на тексты принадлежат www.world-art.ru, © 2003-2013</td></tr></table></td><tr></table>"


@pytest.mark.parametrize(("before", "after"), WRAPPERS)
@pytest.mark.parametrize("encoding", ["cp1251", "utf-8"])
@pytest.mark.parametrize("wa_id", [7, 8])
@pytest.mark.parametrize("end", ["html", "foot"])
def test_a_page_of_world_art_is_read_in_any_wrapper(
    before: str, after: str, encoding: str, wa_id: int, end: str
) -> None:
    shown = animation(wa_id, 5, 1, 2)
    whole = wa_pages.animation(shown, "Kite_Co")
    page = whole if end == "html" else whole[: whole.index("</center></body>")] + FOOT
    url = wa.animation_url(wa_id)
    plain = wa.parse_animation(whole.encode("cp1251", "xmlcharrefreplace"), url)
    assert wa.parse_animation((before + page + after).encode(encoding, "xmlcharrefreplace"), url) == plain
    links = whole.index("Промоматериалы")
    fields = whole.index("Основная информация")
    for cut in (fields, links):
        found = wa.parse_animation((before + whole[:cut]).encode(encoding, "xmlcharrefreplace"), url)
        assert found.outcome is Outcome.UNKNOWN


def test_a_damaged_byte_in_advertising_leaves_a_page_in_utf_8() -> None:
    body = wa_pages.animation(animation(8, 5, 1), "Kite").encode() + b"<!-- \xff\xfe -->"
    assert wa.parse_animation(body, wa.animation_url(8)).genre == "драма, меха"


@pytest.mark.parametrize("host", ["MyAnimeList.net", "WWW.MYANIMELIST.NET", "myanimelist.net"])
def test_a_link_to_mal_counts_in_any_spelling_of_its_host(host: str) -> None:
    page = wa_pages.animation(animation(7, None), None)
    body = page.replace("</body>", f'<a href="http://{host}/anime/3786">MAL</a></body>').encode("cp1251")
    assert wa.parse_animation(body, wa.animation_url(7)).mal_id == 3786
