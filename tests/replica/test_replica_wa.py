import io
import re

import httpx
import pytest
from parsel import Selector
from PIL import Image

ANIMATION = "/wa/animation/animation.php?id={}"
POSTERS = "/wa/animation/animation_poster.php?id={}"


def page(client: httpx.Client, path: str) -> Selector:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=windows-1251"
    return Selector(answer.content.decode("windows-1251"))


def canonical(selector: Selector) -> str | None:
    return selector.css("link[rel=canonical]::attr(href)").get()


def mal_ids(selector: Selector) -> list[int]:
    links = selector.css('a[href*="myanimelist.net/anime"]::attr(href)').getall()
    matches = [re.search(r"/anime/(\d+)|anime\.php\?id=(\d+)", link) for link in links]
    return [int(match[1] or match[2]) for match in matches if match]


def numbers(selector: Selector, wa_id: int) -> list[int]:
    links = selector.css('a[href*="number_img="]::attr(href)').getall()
    matches = [re.fullmatch(rf"animation_poster\.php\?id={wa_id}&number_img=(\d+)", link) for link in links]
    return [int(match[1]) for match in matches if match]


def test_the_fields_in_the_layout_of_2013(client: httpx.Client) -> None:
    found = page(client, ANIMATION.format(1))
    text = found.xpath("string()").get() or ""

    assert (found.css("title::text").get() or "").strip() == "Аниме - Тихий: маяк (Kite)"
    assert found.css("meta[name=Title]::attr(content)").get() == "Тихий: маяк [Kite]"
    assert "Тип: ТВ (12 эп.), 25 мин." in text
    assert "Жанр: драма, меха" in text
    assert "Выпуск: c 01.02.2003 по 04.05.2003" in text
    assert "Средний балл: 7.5" in text
    assert "Место в рейтинге: 12 из" in text
    assert canonical(found) == "http://www.world-art.ru/animation/animation.php?id=1"


def test_the_fields_in_the_layout_of_2023(client: httpx.Client) -> None:
    found = page(client, ANIMATION.format(1000))
    rows = found.xpath("//tr[td[1]/b][count(td)=3]")
    fields = {row.xpath("string(td[1])").get(): row.xpath("string(td[3])").get() for row in rows}

    assert fields["Тип"] == "ТВ (12 эп.), 25 мин."
    assert fields["Жанр"] == "драма, меха"
    assert fields["Средний балл"] == "7.5\u00a0из\u00a010"
    assert not found.css("meta[http-equiv]")  # only the header declares the encoding


def test_text_contains_entities(client: httpx.Client) -> None:
    body = client.get(ANIMATION.format(1)).content
    assert "Тихий&#58; маяк".encode("windows-1251") in body


@pytest.mark.parametrize(("wa_id", "mal_id"), [(1, 7), (3, 9), (999, 10), (1000, 11), (2000, 12), (2001, 7)])
def test_the_mal_link(client: httpx.Client, wa_id: int, mal_id: int) -> None:
    assert mal_ids(page(client, ANIMATION.format(wa_id))) == [mal_id]


def test_an_animation_without_a_mal_link(client: httpx.Client) -> None:
    assert mal_ids(page(client, ANIMATION.format(2))) == []


@pytest.mark.parametrize(("wa_id", "expected"), [(1, [1, 2, 82]), (3, []), (2001, [4])])
def test_the_posters_page_links_to_each_poster(client: httpx.Client, wa_id: int, expected: list[int]) -> None:
    found = page(client, POSTERS.format(wa_id))
    assert numbers(found, wa_id) == expected
    assert canonical(found) == f"http://www.world-art.ru/animation/animation_poster.php?id={wa_id}"


def test_the_page_of_one_poster_shows_it(client: httpx.Client) -> None:
    found = page(client, POSTERS.format("1&number_img=82"))
    assert "http://www.world-art.ru/animation/img/1000/1/82.jpg" in found.css("img::attr(src)").getall()


@pytest.mark.parametrize("path", [ANIMATION, POSTERS])
@pytest.mark.parametrize("wa_id", ["4", "99999", "0", "x"])
def test_a_missing_id_gets_the_page_of_id_1(client: httpx.Client, path: str, wa_id: str) -> None:
    assert (canonical(page(client, path.format(wa_id))) or "").endswith("?id=1")


@pytest.mark.parametrize("path", ["1000/1/82", "1000/999/1", "2000/1000/1", "2000/2000/1", "3000/2001/4"])
def test_images_are_in_buckets_of_a_thousand(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/wa/animation/img/{path}.jpg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    Image.open(io.BytesIO(answer.content)).load()


@pytest.mark.parametrize("path", ["1000/1/3", "2000/1/1", "1000/1000/1", "3000/2000/1", "1000/4/1"])
def test_there_is_no_image_in_other_buckets(client: httpx.Client, path: str) -> None:
    assert client.get(f"/wa/animation/img/{path}.jpg").status_code == 404


def test_the_latest_updates_come_first(client: httpx.Client) -> None:
    found = page(client, "/wa/animation/list.php?limit_1=1&sort=5")
    links = found.css('a[href*="animation.php?id="]::attr(href)').getall()
    assert [int(link.split("=")[1]) for link in links] == [2000, 1000, 999, 3, 2, 1]
