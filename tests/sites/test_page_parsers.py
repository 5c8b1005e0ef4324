"""The parsers on every kind of page of the replica, and on bytes that are not a page."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lap_assets.replica import mal_pages, wa_pages
from lap_assets.replica.catalog import Anime, WaAnimation
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.sites import mal, wa
from lap_assets.sites.outcomes import Outcome
from tests.profiles import examples
from tests.sites.stand import animation, anime

CATALOG = procedural_catalog(90, 4)
DECOYS = (anime(1, 1), anime(2, 2), anime(30_000, 3), anime(5, 4))
PARSERS: list[tuple[Callable[[bytes, str], Any], str]] = [
    (mal.parse_listing, mal.listing_url(0)),
    (mal.parse_pictures, mal.pictures_url(7, "x")),
    (wa.parse_animation, wa.animation_url(7)),
    (wa.parse_posters, wa.posters_url(7)),
]
BLOCKS = (
    "<html><head><title>Just a moment...</title></head><body></body></html>",
    "<html><head><title>MyAnimeList.net</title></head><body>Access has been restricted</body></html>",
    "<html><title>x</title><body>your IP has been banned</body></html>",
    "<html><title>Human Verification</title></html>",
    '<html><title>x</title><div id="cf-chl-widget"></div></html>',
    "<html><title>Attention Required! | Cloudflare</title></html>",
    wa_pages.NOT_CONNECT,
)


def pics_page(shown: Anime) -> bytes:
    return mal_pages.pictures(shown, DECOYS).encode()


def posters_page(shown: WaAnimation) -> bytes:
    return wa_pages.posters(shown, None).encode("cp1251", "xmlcharrefreplace")


def animation_page(shown: WaAnimation, encoding: str = "cp1251") -> bytes:
    return wa_pages.animation(shown, "Kite_Co").encode(encoding, "xmlcharrefreplace")


def test_a_listing_returns_its_rows_and_no_decoys() -> None:
    rows = CATALOG.listing[:50]
    body = mal_pages.listing(rows, show=0, total=90, rx_only=False, decoys=DECOYS).encode()
    found = mal.parse_listing(body, mal.listing_url(0))

    assert found.outcome is Outcome.OK
    assert [(row.mal_id, row.slug) for row in found.anime] == [(row.mal_id, row.slug) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_determines_the_encoding(encoding: str) -> None:
    rows = (Anime(2, "Seme♥Chichi", "Seme♥Chichi", False, ()), Anime(1, "Space☆Dandy_2", "Space☆Dandy", False, ()))
    body = mal_pages.listing(rows, show=0, total=2, rx_only=False, decoys=DECOYS).encode(encoding)
    found = mal.parse_listing(body, mal.listing_url(0))
    assert found == mal.Listing(Outcome.OK, tuple(mal.ListedAnime(row.mal_id, row.slug) for row in rows))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_page_in_undeclared_wide_characters_is_unknown(encoding: str) -> None:
    rows = (Anime(2, "Seme♥Chichi", "Seme Chichi", False, ()),)
    body = mal_pages.listing(rows, show=0, total=1, rx_only=False, decoys=()).encode(encoding)
    assert mal.parse_listing(body, mal.listing_url(0)) == mal.Listing(Outcome.UNKNOWN)


def test_a_slug_in_an_undeclared_encoding_is_left_out() -> None:
    rows = (Anime(2, "Seme♥Chichi", "Seme Chichi", False, ()), Anime(1, "Plain_2", "Plain", False, ()))
    body = mal_pages.listing(rows, show=0, total=2, rx_only=False, decoys=()).encode("cp949")
    found = mal.parse_listing(body, mal.listing_url(0))
    assert found == mal.Listing(Outcome.OK, (mal.ListedAnime(2, ""), mal.ListedAnime(1, "Plain_2")))


def test_a_listing_past_the_end_is_empty_in_spite_of_decoys() -> None:
    body = mal_pages.listing((), show=100, total=90, rx_only=True, decoys=DECOYS).encode()
    found = mal.parse_listing(body, mal.listing_url(100, excluded=True))
    assert found == mal.Listing(Outcome.EMPTY)


def test_every_pictures_page_returns_its_pictures_in_order() -> None:
    for shown in CATALOG.anime:
        found = mal.parse_pictures(pics_page(shown), mal.pictures_url(shown.mal_id, shown.slug))
        assert found.pictures == shown.pictures
        assert found.outcome is (Outcome.OK if shown.pictures else Outcome.EMPTY)


@pytest.mark.parametrize("pictures", [(), (70, 71)])
def test_the_main_page_in_place_of_the_pictures_is_unknown(pictures: tuple[int, ...]) -> None:
    body = mal_pages.main(anime(7, *pictures), DECOYS).encode()
    assert mal.parse_pictures(body, mal.pictures_url(7, "x")) == mal.Pictures(Outcome.UNKNOWN)


@pytest.mark.parametrize("pictures", [(), (70, 71)])
def test_the_pictures_page_of_another_anime_is_unknown(pictures: tuple[int, ...]) -> None:
    found = mal.parse_pictures(pics_page(anime(70, *pictures)), mal.pictures_url(7, "x"))
    assert found == mal.Pictures(Outcome.UNKNOWN)


def test_pages_of_other_kinds_are_unknown_or_not_found() -> None:
    assert mal.parse_listing(pics_page(anime(7, 1)), mal.listing_url(0)).outcome is Outcome.UNKNOWN
    missing = mal_pages.not_found().encode()
    assert mal.parse_listing(missing, mal.listing_url(0)).outcome is Outcome.NOT_FOUND
    assert mal.parse_pictures(missing, mal.pictures_url(7, "x")).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8"])
def test_every_animation_returns_its_fields_in_both_encodings(encoding: str) -> None:
    for shown in CATALOG.animations:
        found = wa.parse_animation(animation_page(shown, encoding), wa.animation_url(shown.wa_id))
        assert found.outcome is Outcome.OK
        assert (found.wa_id, found.mal_id, found.title) == (shown.wa_id, shown.mal_id, shown.title)
        assert (found.work_type, found.genre, found.release) == (shown.work_type, shown.genre, shown.release)
        assert (found.score, found.top_place) == (shown.score, shown.top_place)


def test_every_posters_page_returns_its_numbers() -> None:
    for shown in CATALOG.animations:
        found = wa.parse_posters(posters_page(shown), wa.posters_url(shown.wa_id))
        assert found.numbers == shown.posters
        assert found.outcome is (Outcome.OK if shown.posters else Outcome.EMPTY)


@pytest.mark.parametrize("genre", ["драма", ""])
@pytest.mark.parametrize("posters", [(), (1, 2)])
@pytest.mark.parametrize("wa_id", [7, 8])
def test_the_main_page_in_place_of_the_posters_is_unknown(wa_id: int, posters: tuple[int, ...], genre: str) -> None:
    body = animation_page(animation(wa_id, 5, *posters, genre=genre))
    assert wa.parse_posters(body, wa.posters_url(wa_id)) == wa.Posters(Outcome.UNKNOWN)


@pytest.mark.parametrize(("shown", "outcome"), [(1, Outcome.NOT_FOUND), (3, Outcome.UNKNOWN)])
def test_the_page_of_id_1_means_that_the_id_does_not_exist(shown: int, outcome: Outcome) -> None:
    page = animation(shown, 5, 1, 2)
    assert wa.parse_animation(animation_page(page), wa.animation_url(40)).outcome is outcome
    assert wa.parse_posters(posters_page(page), wa.posters_url(40)) == wa.Posters(outcome)


@pytest.mark.parametrize(
    ("link", "mal_id"),
    [
        ("http://myanimelist.net/anime/3786", 3786),
        ("https://myanimelist.net/anime/3786/", 3786),
        ("https://www.myanimelist.net/anime/3786/Rebuild_of_Evangelion", 3786),
        ("http://myanimelist.net/anime.php?id=3786", 3786),
        ("https://myanimelist.net/anime.php?q=x&id=3786", 3786),
        ("https://myanimelist.net/anime/0", None),
        ("https://myanimelist.net/animelist/3786", None),
        ("https://myanimelist.net/anime/genre/3786", None),
    ],
)
def test_forms_of_the_link_to_mal(link: str, mal_id: int | None) -> None:
    body = animation_page(animation(7, None)).replace(b"</body>", f'<a href="{link}">mal</a></body>'.encode())
    found = wa.parse_animation(body, wa.animation_url(7))
    assert (found.outcome, found.mal_id) == (Outcome.OK, mal_id)


@pytest.mark.parametrize("text", BLOCKS)
def test_every_parser_recognizes_blocks(text: str) -> None:
    for parse, url in PARSERS:
        assert parse(text.encode(), url).outcome is Outcome.BLOCKED


def test_block_words_in_a_valid_page_do_no_harm() -> None:
    body = pics_page(anime(7, 70, title="Human Verification"))
    assert mal.parse_pictures(body, mal.pictures_url(7, "x")).outcome is Outcome.OK


@examples(150)
@given(st.data())
def test_a_truncated_page_yields_all_or_nothing(data: st.DataObject) -> None:
    shown, drawn = anime(7, 70, 71, 72), animation(7, 5, 1, 2, 82)
    pages: list[tuple[Callable[[bytes, str], Any], str, bytes]] = [
        (mal.parse_pictures, mal.pictures_url(7, "x"), pics_page(shown)),
        (wa.parse_posters, wa.posters_url(7), posters_page(drawn)),
        (wa.parse_animation, wa.animation_url(7), animation_page(drawn)),
        (mal.parse_listing, mal.listing_url(0), _listing(shown)),
    ]
    parse, url, body = data.draw(st.sampled_from(pages))
    tags = [place + 1 for place in range(len(body)) if body[place : place + 1] == b">"]
    cut = data.draw(st.one_of(st.integers(0, len(body)), st.sampled_from(tags)))
    found = parse(body[:cut], url)

    assert found.outcome is not Outcome.EMPTY
    assert found == parse(body, url) or found.outcome is not Outcome.OK


def test_a_truncated_page_without_posters_is_not_empty() -> None:
    body = posters_page(animation(7, 5))
    assert wa.parse_posters(body, wa.posters_url(7)).outcome is Outcome.EMPTY
    whole = body.index(b"</html>") + len(b"</html>")
    assert all(wa.parse_posters(body[:cut], wa.posters_url(7)).outcome is not Outcome.EMPTY for cut in range(whole))


def _listing(shown: Anime) -> bytes:
    return mal_pages.listing([shown], show=0, total=1, rx_only=False, decoys=DECOYS).encode()


@examples(120)
@given(
    st.one_of(st.binary(max_size=300), st.text(alphabet="<>/&;#!-[]= \0\n'\"aé☆html?", max_size=200).map(str.encode))
)
@example(b"")
@example(b"\0")
@example(b"<?xml version='1.0' encoding='utf-7'?><html></html>")
@example(b"<!-- --></html>")
@example("﻿<title>x</html>".encode("utf-16"))
def test_bytes_that_are_not_a_page_are_never_conclusive(body: bytes) -> None:
    for parse, url in PARSERS:
        assert not parse(body, url).outcome.is_conclusive


@pytest.mark.parametrize(
    ("wa_id", "buckets"), [(262, [1000]), (1895, [2000]), (999, [1000]), (1000, [2000, 1000]), (2000, [3000, 2000])]
)
def test_image_addresses(wa_id: int, buckets: list[int]) -> None:
    root = "http://www.world-art.ru/animation/img"
    assert wa.image_urls(wa_id, 164) == tuple(f"{root}/{bucket}/{wa_id}/164.jpg" for bucket in buckets)


@pytest.mark.parametrize("url", ["http://www.world-art.ru/animation/animation.php", "x?id=", "x?id=1&id=2", "x?id=-1"])
def test_an_address_without_an_id_is_an_error_of_the_caller(url: str) -> None:
    with pytest.raises(ValueError, match=r"expected an address with \?id=<number>"):
        wa.parse_animation(b"", url)
