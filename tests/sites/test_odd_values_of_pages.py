"""Unexpected values in pages and the API: none publishes an anime, ends a crawl, or blocks it forever."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lap_assets.replica import mal_pages
from lap_assets.sites import mal, mal_api, wa
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating, rating_of
from tests.sites.stand import anime

MANY = 100_000  # repetitions of a part: an algorithm that compares all pairs would not finish
RANKING = mal_api.ranking_url(0)
GOOD = {"id": 9, "title": "Good", "rating": "pg_13"}
RATED_WORDS = ("G - All Ages", "PG - Children", "PG-13 - Teens 13 or older", "R - 17+ (violence & profanity)",
               "R+ - Mild Nudity", "R", "R+")  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
PICTURES = mal_pages.pictures(anime(5, 5), ())
ANIMATION = (
    '<html><head><title>T</title><link rel=canonical href="/animation/animation.php?id=5"></head><body>'
    '<a href="animation_poster.php?id=5">x</a><br>Жанр: драма<br>{}</body></html>'
)


def ranking(*nodes: Any, following: Any = None) -> mal_api.Ranking:
    answer = {"data": [{"node": node} for node in nodes], "paging": {"next": following}}
    return mal_api.parse_ranking(json.dumps(answer).encode(), RANKING)


def ids(found: tuple[mal.ListedAnime, ...]) -> list[int]:
    return [one.mal_id for one in found]


@given(st.fixed_dictionaries({"id": st.just(5) | VALUES}, optional=dict.fromkeys(("rating", "nsfw", "title"), VALUES)))
@example({"id": True, "rating": "g"})
@example({"id": 10**30, "rating": "g"})
@example({"id": 5, "rating": ["rx"], "nsfw": "white"})
def test_an_entry_of_the_api_publishes_an_anime_only_by_known_ratings(node: dict[str, Any]) -> None:
    page = ranking(node, GOOD)
    assert page.outcome is Outcome.OK
    every = (*page.anime, *page.excluded, *page.unrated)
    assert all(type(one.mal_id) is int and 1 <= one.mal_id <= 999_999_999 for one in every)
    if len(page.anime) > 1:
        given_rating = node.get("rating")
        own = isinstance(given_rating, str) and given_rating.strip().lower() in ("g", "pg", "pg_13", "r", "r+")
        assert own or (given_rating in (None, "") and str(node["nsfw"]).strip().lower() == "white")


@pytest.mark.parametrize("rating", [" rx ", "RX", "Rx - Hentai", "rx\n"])
def test_rx_is_rx_however_the_api_writes_it(rating: str) -> None:
    page = ranking({"id": 5, "rating": rating}, GOOD)
    assert (ids(page.excluded), ids(page.anime)) == ([5], [9])


@pytest.mark.parametrize("following", ["http://[bad", "http://a]b/?offset=3", 7, ["?offset=3"], "?offset=-1"])
def test_a_next_page_that_is_not_an_address_is_none(following: Any) -> None:
    assert ranking(GOOD, following=following).next_offset is None


@pytest.mark.parametrize("link", [5, True, ["/images/anime/1/2.jpg"], {"url": "/images/anime/1/2.jpg"}])
def test_a_picture_of_the_api_is_a_text(link: Any) -> None:
    entries = [{"large": link}, {"large": "https://cdn.myanimelist.net/images/anime/3/4.jpg"}]
    body = json.dumps({"id": 7, "rating": "g", "pictures": entries}).encode()
    assert mal_api.parse_pictures(body, mal_api.pictures_url(7)).pictures == ((3, 4),)


@pytest.mark.parametrize("mal_id", [True, 1.0, "1"])
def test_a_response_with_another_kind_of_id_is_rejected(mal_id: Any) -> None:
    body = json.dumps({"id": mal_id, "rating": "g", "pictures": []}).encode()
    assert mal_api.parse_pictures(body, mal_api.pictures_url(1)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("words", RATED_WORDS)
def test_the_sites_own_ratings_are_recognized(words: str) -> None:
    assert rating_of(words) is Rating.RATED
    assert rating_of(f"  {words.lower()}\n") is Rating.RATED


@given(st.sampled_from("\u200b\u00ad\u2060\ufeff\u200e\u202e"), st.integers(0, 11))
def test_invisible_characters_hide_no_rating(unseen: str, at: int) -> None:
    assert rating_of("Rx - Hentai"[:at] + unseen + "Rx - Hentai"[at:]) is Rating.RX


@pytest.mark.parametrize(
    "words",
    ["R x", "R-x", "R / x", "R, Rx", "G/Rx", "R\u0445", "R\u0445 - Hentai", "R-18", "PG-18", "R*", "R+x", "R - Hentai",
     "R+ (Rx)", "PG-13x", "None (Rx)"],
)  # fmt: skip
def test_words_that_only_begin_like_a_rating_publish_nothing(words: str) -> None:
    assert rating_of(words) is not Rating.RATED


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("<b>Rating:</b> R " * MANY, id="labels"),
        pytest.param("<a " + " ".join(f"a{number}=1" for number in range(MANY)) + ">x</a>", id="attributes"),
        pytest.param('<div id="horiznav_nav">' * 3000 + '<a href="/x">x</a>' * 5000, id="nested"),
        pytest.param("<table>" * 3000 + '<a class="hoverinfo_trigger" href="/anime/5/x">x</a>' * 5000, id="tables"),
    ],
)
@pytest.mark.parametrize(
    ("parse", "url"), [(mal.parse_pictures, mal.pictures_url(5, "x")), (mal.parse_listing, mal.listing_url(0))]
)
def test_pages_of_mal_that_would_take_minutes_are_not_parsed(
    part: str, parse: Callable[[bytes, str], mal.Pictures | mal.Listing], url: str
) -> None:
    page = parse(PICTURES.replace("</body>", f"{part}</body>").encode(), url)
    assert isinstance(page, mal.Listing) or page.rating is not Rating.RATED


def test_repetitive_addresses_of_mal_are_parsed_quickly() -> None:
    link = f'<div id="horiznav_nav"><a href="{"myanimelist.net/anime.php?" * MANY}">x</a></div></body>'
    page = mal.parse_pictures(PICTURES.replace("</body>", link).encode(), mal.pictures_url(5, "x"))
    assert (page.outcome, page.own_id) == (Outcome.OK, 5)


@pytest.mark.parametrize("tail", ["<" * MANY, "<br" * MANY, "</tr " * MANY, "<td" * MANY])
def test_endless_tags_of_world_art_are_parsed_quickly(tail: str) -> None:
    whole = ANIMATION.format("") + tail
    for body in (whole, whole.replace("<br>Жанр", "<" * MANY + "<br>Жанр")):
        assert wa.parse_animation(body.encode("cp1251"), wa.animation_url(5)).genre == "драма"


@pytest.mark.parametrize("address", ["animation_poster.php?", "myanimelist.net/anime.php?"])
def test_repetitive_addresses_of_world_art_are_parsed_quickly(address: str) -> None:
    body = ANIMATION.format(f'<a href="{address * MANY}">x</a>').encode("cp1251")
    assert wa.parse_posters(body, wa.posters_url(5)).outcome is Outcome.UNKNOWN
    assert wa.parse_animation(body, wa.animation_url(5)).mal_id is None
