"""World Art's pages as HTML text (sent as windows-1251): its fields, links and quirks, with invented content.

Pages of the catalog belong here; addresses are in `wa_site`. Fields have one of two layouts, from 2013 (one line per
field) or about 2023 (one table row per field), depending on the id, so that a parser has to handle both.
"""

import re
from collections.abc import Iterable
from typing import Final

from lap_assets.replica.catalog import WaAnimation, wa_keys
from lap_assets.replica.html import address, entities
from lap_assets.replica.seeds import chance

HOST: Final = "http://www.world-art.ru"
SECTION: Final = f"{HOST}/animation"
LIST_ROWS: Final = 25
NONE_ADDED: Final = "Постеров и обложек пока нет."
_TITLE: Final = re.compile(r"(?P<name>.*) \[(?P<english>.*)\]", re.DOTALL)
NOT_CONNECT: Final = f"""
<html>
<head>
<meta http-equiv='Refresh' content='0; url={HOST}/not_connect.html'>
</head>
<body></body>
</html>"""


def image_address(wa_id: int, number: int) -> str:
    """Return the address of the poster's file. Some exact multiples of 1000 are in the bucket of their own number."""
    return f"{SECTION}/img/{bucket_of(wa_id)}/{wa_id}/{number}.jpg"


def bucket_of(wa_id: int) -> int:
    """Return the number of the folder with an animation's images."""
    return wa_id if wa_id % 2000 == 0 else (wa_id // 1000 + 1) * 1000


def animation(shown: WaAnimation, mal_slug: str | None) -> str:
    """Return `animation.php`: the fields, and links to other sites and to the posters."""
    links = "<br>".join(
        f"&nbsp;-&nbsp; <noindex>{link}</noindex>" for link in (_anidb(shown), _mal_link(shown, mal_slug)) if link
    )
    fields = _lines(shown) if shown.wa_id % 2 else _rows(shown)
    first = f"<img src='{image_address(shown.wa_id, shown.posters[0])}' border=1>" if shown.posters else ""
    body = f"""<table width=100% height=58%><tr><td Valign=top width=140 class=bg1>
<table width=142><tr><td class=bg2>&nbsp;<b>Основная информация</b>&#58;</td></tr></table>
&nbsp;-&nbsp;<font color=#8D8D8D>авторский состав</font><br><br>
<table width=142><tr><td class=bg2>&nbsp;<b>На других сайтах</b>&#58;</td></tr></table>{links}<br><br>
<table width=142><tr><td class=bg2>&nbsp;<b>Промоматериалы</b>&#58;</td></tr></table>
&nbsp;-&nbsp;<a href = "{SECTION}/animation_poster.php?id={shown.wa_id}" >постеры и обложки</a><br></td>
<td Valign=top><a href='animation.php?id={shown.wa_id - 1}' class='review'>&lt;</a>
<a href='animation.php?id={shown.wa_id + 1}' class='review'>&gt;</a>
<table><tr><td Valign=top align=right><a href='{SECTION}/animation_poster.php?id={shown.wa_id}'>{first}</a></td>
<td valign=top>{_heading(shown)}{fields}</td></tr></table></td></tr></table>"""
    return _page(shown, "animation.php", body)


def posters(shown: WaAnimation, number: int | None) -> str:
    """Return `animation_poster.php`: links to each poster, and one poster (`number`, or the first)."""
    links = " | ".join(
        f"<a href='animation_poster.php?id={key.first}&number_img={key.second}' class='review'>{position}</a>"
        for position, key in enumerate(wa_keys(shown), 1)
    )
    current = number if number in shown.posters else (shown.posters[0] if shown.posters else None)
    image = f"<img src='{image_address(shown.wa_id, current)}' border=1>" if current is not None else ""
    body = f"""<table width=100%><tr><td><font size=3><b>Постеры и обложки</b></font><br>
<a href='animation.php?id={shown.wa_id}' class='review'>{entities(_names(shown)[0])}</a><br><br>
{links or NONE_ADDED}<br><br>{image}</td></tr></table>"""
    return _page(shown, "animation_poster.php", body)


def newest(shown: Iterable[WaAnimation], first: int) -> str:
    """Return `list.php?sort=5`: a page of the most recently updated animations."""
    rows = "".join(
        f"<tr><td>{row}</td><td><a href='animation.php?id={one.wa_id}' class='review'>{entities(_names(one)[0])}</a>"
        "</td></tr>"
        for row, one in enumerate(shown, first + 1)
    )
    return f"""<html><head><title>База данных по анимации</title></head><body><table>{rows}</table></body></html>"""


def _names(shown: WaAnimation) -> tuple[str, str]:
    match = _TITLE.fullmatch(shown.title)
    return (match["name"], match["english"]) if match else (shown.title, "")


def _heading(shown: WaAnimation) -> str:
    name, english = _names(shown)
    return f"<font size=3><b>{entities(name)}</b></font><br>{entities(english)}<br><br>"


def _fields(shown: WaAnimation) -> list[tuple[str, str]]:
    release = "Выпуск" if " по " in shown.release else "Премьера"
    genres = ", ".join(
        f"<a href='{SECTION}/list.php' class='estimation'>{entities(genre)}</a>"
        for genre in shown.genre.split(", ")
        if genre
    )
    date = re.sub(
        r"[0-9?]+", lambda part: f"<a href='{SECTION}/list.php' class='estimation'>{part[0]}</a>", shown.release
    )
    found = [("Жанр", genres), ("Тип", entities(shown.work_type)), (release, date)]
    if shown.score is not None:
        found.append(("Средний балл", f"{shown.score}&nbsp;из&nbsp;10"))
    if shown.top_place is not None:
        found.append(("Место в <a href='rating_top.php'>рейтинге</a>", f"{shown.top_place} из 4912"))
    return [(name, value) for name, value in found if value]


def _lines(shown: WaAnimation) -> str:
    country = f"<b>Производство</b>:&nbsp;<a href='{HOST}/country.php?id=2' class='estimation'>Япония</a>"
    return "<br>".join([country, *(f"<b>{name}</b>: {value}" for name, value in _fields(shown))])


def _rows(shown: WaAnimation) -> str:
    return "".join(
        f"<table><tr><td align=left width=145 class=review Valign=top><b>{name}</b></td><td width=15></td>"
        f"<td class=review Valign=top>{value}</td></tr></table>"
        for name, value in _fields(shown)
    )


def _anidb(shown: WaAnimation) -> str:
    aid = 20 + shown.wa_id
    return f"<a href = \"http://anidb.net/perl-bin/animedb.pl?show=anime&aid={aid}\" target='_blank' >AniDB</a>"


def _mal_link(shown: WaAnimation, slug: str | None) -> str:
    """Return the link to MAL in one of its known forms."""
    if shown.mal_id is None:
        return ""
    # Over the years the scheme and the text changed, and some links end in the slug.
    form = int(chance("mal link", shown.wa_id) * 5)
    number = shown.mal_id
    href, words = (
        (f"http://myanimelist.net/anime/{number}/", "MyAnimeList"),
        (f"http://myanimelist.net/anime.php?id={number}", "MyAnimeList"),
        (f"https://myanimelist.net/anime/{number}", "mal"),
        (address(f"https://myanimelist.net/anime/{number}/{slug or ''}"), "mal"),
        (f"http://www.myanimelist.net/anime/{number}", "mal"),
    )[form]
    return f"<a href = \"{href}\" target='_blank'>{words}</a>"


def _page(shown: WaAnimation, script: str, body: str) -> str:
    name, english = _names(shown)
    charset = "<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>" if shown.wa_id % 2 else ""
    return f"""<html><head><title>Аниме - {entities(name)} ({entities(english)})
</title>
<meta name='description' content='{entities(name)}'>
<meta name='Title' content='{entities(shown.title)}'>
{charset}
<link rel='canonical' href='{SECTION}/{script}?id={shown.wa_id}'>
<link href='{HOST}/style.css' type='text/css' rel='stylesheet'>
</head>
<body bottomMargin='0' bgColor='#ffffff' leftMargin='0' topMargin='0'>
<center><table bgcolor=#990000 width=1004 height=70><tr><td>
<a href='../'><img src='{HOST}/img/logo.gif' alt='World Art' border=0></a></td>
<td><a href='{SECTION}/' class='main_page'>Аниме</a> <a href='{SECTION}/list.php' class='main_page'>База данных</a></td>
</tr></table>
{body}
</center></body></html>
"""
