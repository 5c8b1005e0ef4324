import io
import re

import httpx
import pytest
from parsel import Selector
from PIL import Image

from lap_assets.replica.catalog import Catalog

ROW = "table a.hoverinfo_trigger.fw-b::attr(href)"
GALLERY = "a.js-picture-gallery[rel=gallery-anime]"


def page(client: httpx.Client, path: str, status: int = 200) -> Selector:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.text.rstrip().endswith("</html>")
    return Selector(answer.text)


def title(selector: Selector) -> str:
    return (selector.css("title::text").get() or "").strip()


def listed(client: httpx.Client, query: str) -> list[int]:
    links = page(client, f"/mal/anime.php?o=9&cv=2&w=1&{query}").css(ROW).getall()
    matches = [re.fullmatch(r"https://myanimelist\.net/anime/(\d+)/[^/]+", link) for link in links]
    return [int(match[1]) for match in matches if match]


def test_the_listing_has_fifty_anime_per_page_by_descending_id(client: httpx.Client, small: Catalog) -> None:
    pages = [listed(client, f"show={show}") for show in (0, 50, 100)]

    assert [len(ids) for ids in pages] == [50, 50, 20]
    ids = [mal_id for page_ids in pages for mal_id in page_ids]
    assert ids == sorted((anime.mal_id for anime in small.anime), reverse=True)
    assert listed(client, "show=20") == ids[20:70]


def test_past_the_end_the_listing_exists_and_is_empty(client: httpx.Client) -> None:
    empty = page(client, "/mal/anime.php?o=9&cv=2&w=1&show=150")
    assert empty.css(ROW).getall() == []
    assert "No titles that matched your query were found." in empty.get()
    assert title(empty) == "Search Anime - MyAnimeList.net"
    assert empty.css('a[href*="/anime/"]')  # links of the sidebar


def test_r6_lists_the_rx_ones_and_the_whole_listing_has_them_too(client: httpx.Client) -> None:
    rx = listed(client, "r=6&show=0")
    assert rx == list(range(120, 0, -10))
    assert set(rx) <= {*listed(client, "show=0"), *listed(client, "show=50"), *listed(client, "show=100")}


def test_sidebars_link_to_other_anime(client: httpx.Client) -> None:
    found = page(client, "/mal/anime.php?o=9&show=0")
    rows = set(found.css(ROW).getall())
    others = set(found.css('a[href*="/anime/"]::attr(href)').getall()) - rows
    assert len(others) >= 3


def test_the_pictures_page_links_to_the_full_images(client: httpx.Client) -> None:
    found = page(client, "/mal/anime/7/whatever/pics")
    links = found.css(GALLERY)

    assert title(found) == 'A & "B": <Star>☆ - Pictures - MyAnimeList.net'
    assert [link.attrib["href"] for link in links] == [
        "https://cdn.myanimelist.net/images/anime/3/70l.jpg",
        "https://cdn.myanimelist.net/images/anime/1234/100070l.jpg",
    ]
    assert [image.attrib["data-src"] for image in links.css("img")] == [
        "https://cdn.myanimelist.net/images/anime/3/70.jpg",
        "https://cdn.myanimelist.net/images/anime/1234/100070.jpg",
    ]


def test_an_anime_without_pictures_still_has_a_pictures_page(client: httpx.Client) -> None:
    found = page(client, "/mal/anime/8/Kite/pics")
    assert title(found) == "Kite - Pictures - MyAnimeList.net"
    assert not found.css(GALLERY)


@pytest.mark.parametrize("path", ["/mal/anime/7", "/mal/anime/7/x", "/mal/anime/7/x/pictures", "/mal/anime/7/pics"])
def test_an_unknown_sub_path_serves_the_main_page(client: httpx.Client, path: str) -> None:
    found = page(client, path)
    assert title(found) == 'A & "B": <Star>☆ - MyAnimeList.net'
    assert not found.css(GALLERY)


@pytest.mark.parametrize("path", ["/mal/anime/6/x/pics", "/mal/anime/abc/x", "/mal/nothing.php"])
def test_missing_addresses_get_mals_own_404_page(client: httpx.Client, path: str) -> None:
    found = page(client, path, 404)
    assert title(found) == "404 Not Found - MyAnimeList.net"
    assert found.css(".error404")


def test_the_cdn_sends_images_with_its_headers(client: httpx.Client) -> None:
    answer = client.get("/mal-cdn/images/anime/3/70l.jpg")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "max-age=" in answer.headers["cache-control"]
    Image.open(io.BytesIO(answer.content)).load()
    again = client.get("/mal-cdn/images/anime/3/70l.jpg", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = {"If-Modified-Since": answer.headers["last-modified"]}
    assert client.get("/mal-cdn/images/anime/3/70l.jpg", headers=since).status_code == 304
    early = {"If-Modified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"}
    assert client.get("/mal-cdn/images/anime/3/70l.jpg", headers=early).content == answer.content


@pytest.mark.parametrize("path", ["3/71l.jpg", "4/70l.jpg", "3/70.jpg", "3/70l.png", "03/70l.jpg"])
def test_the_cdn_has_nothing_else(client: httpx.Client, path: str) -> None:
    assert client.get(f"/mal-cdn/images/anime/{path}").status_code == 404


@pytest.mark.parametrize(
    ("site", "allowed", "refused"),
    [
        ("mal", ("/anime.php?o=9&show=50", "/anime/7/x/pics"), "/dbchanges.php?aid=7"),
        ("mal-cdn", ("/images/anime/3/70l.jpg",), "/static/x.css"),
        ("wa", ("/animation/animation_poster.php?id=1", "/animation/img/1000/1/1.jpg"), "/search.php?q=x"),
    ],
)
def test_robots_allow_what_is_needed_and_refuse_something(
    client: httpx.Client, site: str, allowed: tuple[str, ...], refused: str
) -> None:
    protego = pytest.importorskip("protego")
    answer = client.get(f"/{site}/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    rules = protego.Protego.parse(answer.text)
    assert all(rules.can_fetch(path, "LAP") for path in allowed)
    assert not rules.can_fetch(refused, "LAP")
