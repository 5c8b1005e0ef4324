"""MyAnimeList's pages as HTML: the selectors, titles and texts of the real pages, with invented content.

Pages of the catalog belong here; addresses and statuses are in `mal_site`.
"""

from collections.abc import Sequence
from typing import Final

from lap_assets.replica.catalog import Anime
from lap_assets.replica.html import address, encoded, text

ROWS: Final = 50
HOST: Final = "https://myanimelist.net"
CDN: Final = "https://cdn.myanimelist.net"
NONE_ADDED: Final = "No pictures have been added to this title."
_RATINGS: Final = (
    "Rx - Hentai",
    "PG-13 - Teens 13 or older",
    "R - 17+ (violence & profanity)",
    "G - All Ages",
    "R+ - Mild Nudity",
    "PG - Children",
)
_DOCTYPE: Final = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)


def anime_address(anime: Anime, tail: str = "") -> str:
    """Return the address of the anime's page, as written in an attribute."""
    return address(f"{HOST}/anime/{anime.mal_id}/{anime.slug}{tail}")


def listing(rows: Sequence[Anime], *, show: int, total: int, rx_only: bool, decoys: Sequence[Anime]) -> str:
    """Return one page of the search: the `rows` from index `show` of `total`, or the text that there are none."""
    if not rows:
        body = (
            '<div class="normal_header">Search Results</div>\n<div>No titles that matched your query were found.</div>'
        )
        return _page("Search Anime", "Anime Search", body, decoys)
    query = "o=9&amp;cv=2&amp;w=1" + ("&amp;r=6" if rx_only else "")
    pages = " ".join(
        f'<a href="/anime.php?show={first}&amp;{query}">{first // ROWS + 1}</a>'
        for first in (show - ROWS, show + ROWS, (total - 1) // ROWS * ROWS)
        if 0 <= first < total
    )
    table = "".join(_row(anime, f"bgColor{index % 2}") for index, anime in enumerate(rows))
    body = f"""<div class="normal_header clearfix pt16"><div class="fl-r di-ib fs11 fw-n"><span class="bgColor1">
[{show // ROWS + 1}] {pages}</span></div>Search Results</div>
<div class="js-categories-seasonal js-block-list list"><table border="0" cellpadding="0" cellspacing="0" width="100%">
<tr><td class="borderClass bgColor1" valign="top" width="50"></td>
<td class="borderClass bgColor1 ac fw-b" valign="top">Title</td>
<td class="borderClass bgColor1 ac fw-b" width="45" nowrap><a href="?o=6&amp;w=1">Type</a></td></tr>{table}
</table></div>"""
    return _page("Anime", "Anime Search", body, decoys)


def _row(anime: Anime, shade: str) -> str:
    link, title, number = anime_address(anime), text(anime.title), anime.mal_id
    image = ""
    if anime.pictures:
        n1, n2 = anime.pictures[0]
        image = (
            f'<img width="50" height="70" alt="{title}" border="0" data-src="{CDN}/r/50x70/images/anime/{n1}/{n2}.jpg"'
            ' class="lazyload" />'
        )
    return f"""<tr>
  <td class="borderClass {shade}" valign="top" width="50"><div class="picSurround">
    <a class="hoverinfo_trigger" href="{link}" id="sarea{number}" rel="#sinfo{number}">{image}</a></div></td>
  <td class="borderClass {shade}" valign="top">
    <div class="title" style="display: inline-flex;"><div id="sarea{number}"><div class="hoverinfo" id="sinfo{number}"
      rel="a{number}"></div></div><a class="hoverinfo_trigger fw-b fl-l" href="{link}" id="sinfo{number}"
      rel="#sinfo{number}"><strong>{title}</strong></a>
      <a href="{HOST}/login.php?error=login_required&amp;from=%2Fanime.php%3Fo%3D9" title="Quick add anime to my list"
      class="button_add ga-click ml8 addtolist">add</a></div>
    <div class="pt4">A tale about {title}. <a href="{anime_address(anime)}">read more.</a></div></td>
  <td class="borderClass ac {shade}" width="45">TV</td></tr>"""


def pictures(anime: Anime, decoys: Sequence[Anime]) -> str:
    """Return the pictures page, two pictures per row; without pictures, the frame with a text that there are none."""
    title = text(anime.title)
    cells = [
        f"""<td width="225" align="center"><div class="picSurround"><a href="{CDN}/images/anime/{n1}/{n2}l.jpg"
 title="{title}" class="js-picture-gallery" rel="gallery-anime"><img class="lazyload"
 data-src="{CDN}/images/anime/{n1}/{n2}.jpg" alt="{title} picture" border="0"></a></div>
<div class="spaceit"><a href="/modules.php?go=report&amp;type=animepic&amp;id={n2}">Report</a>
</div></td>"""
        for n1, n2 in anime.pictures
    ]
    rows = "".join(f"<tr>{''.join(cells[start : start + 2])}</tr>" for start in range(0, len(cells), 2))
    table = f'<table border="0" cellpadding="0" cellspacing="10" align="center">{rows}</table>'
    found = table if cells else f"<p>{NONE_ADDED}</p>"
    body = f"""<h2 class="mb8"><div class="floatRightHeader"><a href="/dbchanges.php?aid={anime.mal_id}&amp;t=pic">Add a
 picture</a></div>Pictures</h2>{found}"""
    return _page(
        f"{anime.title} - Pictures", anime.title, _beside(anime, "/pics", body), decoys, anime_address(anime, "/pics")
    )


def main(anime: Anime, decoys: Sequence[Anime]) -> str:
    """Return the anime's own page, which MAL also serves for unknown sub-paths."""
    body = f"""<h2>Synopsis</h2><p itemprop="description">A tale about {text(anime.title)}.</p>"""
    return _page(anime.title, anime.title, _beside(anime, "", body), decoys, anime_address(anime))


def _beside(anime: Anime, tail: str, body: str) -> str:
    title, image = text(anime.title), ""
    if anime.pictures:
        n1, n2 = anime.pictures[0]
        image = f'<img class="lazyload ac" data-src="{CDN}/images/anime/{n1}/{n2}.jpg" alt="{title}" itemprop="image">'
    tabs = "".join(
        f'<li><a href="{anime_address(anime, sub)}">{name}</a></li>'
        for sub, name in (("", "Details"), ("/video", "Videos"), ("/stats", "Stats"), ("/pics", "Pictures"))
    )
    login = f"{HOST}/login.php?from={encoded(f'/anime/{anime.mal_id}/{anime.slug}{tail}')}&amp;error=login_required"
    return f"""<table border="0" cellpadding="0" cellspacing="0" width="100%"><tr>
<td class="borderClass" width="225" valign="top"><div style="text-align: center;">
<a href="{anime_address(anime, "/pics")}">{image}</a></div>
<div class="profileRows pb0"><a href="{login}">Add to My List</a></div>
<h2>Information</h2>
<div class="spaceit_pad"><span class="dark_text">Type:</span> <a href="{HOST}/topanime.php">TV</a></div>
<div class="spaceit_pad"><span class="dark_text">Rating:</span>
  {text(rating_words(anime))}</div><h2>Statistics</h2></td>
<td valign="top" style="padding-left: 5px;"><div id="horiznav_nav"><ul>{tabs}</ul></div>{body}</td></tr></table>"""


def rating_words(anime: Anime) -> str:
    """Return the text of the rating on the anime's page."""
    return _RATINGS[0] if anime.rx else _RATINGS[1 + anime.mal_id % (len(_RATINGS) - 1)]


def not_found() -> str:
    """Return MAL's own 404 page."""
    body = f"""<div class="error404" title="This page doesn't exist."><a href="{HOST}/" class="btn-home">
<img src="{CDN}/images/error/404_image.png"></a><p class="message">This page doesn't exist.</p></div>"""
    return _page("404 Not Found", "404 Not Found", body, ())


def _page(title: str, heading: str, body: str, decoys: Sequence[Anime], canonical: str = "") -> str:
    own = f'\n<link rel="canonical" href="{canonical}" />' if canonical else ""
    ranking = "".join(
        f'<li><span class="rank">{rank}</span><a href="{anime_address(anime)}">{text(anime.title)}</a></li>'
        for rank, anime in enumerate(decoys, 1)
    )
    return f"""{_DOCTYPE}<html lang="en"><head>
<link rel="preconnect" href="{CDN}" crossorigin="anonymous"/>
<title>
{text(title)} - MyAnimeList.net
</title>
<meta charset="utf-8"><meta name="keywords" content="anime, myanimelist, anime news, manga" />{own}
</head><body class="page-common"><div id="myanimelist"><div id="contentWrapper"><div><h1 class="h1">{text(heading)}</h1>
</div><div id="content">
{body}
</div></div>
<div class="footer-ranking"><div class="ranking-container"><div class="ranking-unit">
<h3 class="title"><a href="{HOST}/topanime.php" class="view_more fl-r">More</a>Top Anime</h3><ol>{ranking}</ol>
</div></div></div></div></body></html>
"""
