"""Signs by which World Art's pages are judged: their own end, their words for "none", their pictures."""

import re
from typing import TYPE_CHECKING, Final

from lap_assets.sites.wa_fields import lines_of

if TYPE_CHECKING:
    from parsel import Selector

# The end of a page: its closing tag, or the copyright line in the footer of all pages since 2003.
_END: Final = re.compile(r"</html\s*>|принадлежат\s[^©]{0,200}©\s*2003", re.IGNORECASE)
_OWN_PARTS: Final = re.compile(
    r"(?:animation_poster|comment_all|animation_update)\.php\?id=|myanimelist\.net/anime"
    r"|>\s*(?:Жанр|Тип|Премьера|Выпуск|Средний балл|Постеры и обложки)\b|class=.bg2.>",
    re.IGNORECASE,
)
_NO_POSTERS: Final = re.compile(
    r"\b(?:постер\w*|обложк\w*|изображени\w*)\b.{0,40}\b(?:нет|отсутству\w+|не (?:найден|добавлен|загружен)\w*)\b"
    r"|\bнет (?:постер\w*|облож\w*|изображени\w*)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 150  # characters of a line that states that a page is empty; a longer line is user content


def is_whole_page(text: str) -> bool:
    """Return whether the page's own end comes after its own parts; anything before or after is advertising."""
    parts = [match.end() for match in _OWN_PARTS.finditer(text)]
    return _END.search(text, max(parts, default=0)) is not None


def shows_posters(page: "Selector", asked: int) -> bool:
    """Return whether the page has a picture of this animation, or a link that may lead to one."""
    links = page.css("a::attr(href)").getall()
    return f"/{asked}/" in " ".join(page.css("img::attr(src)").getall()) or any(
        "animation_poster" in link and re.search(rf"\bid={asked}\b.", link) for link in links
    )


def says_none(text: str) -> bool:
    """Return whether the page states in a line of its own that there are no posters."""
    lines = lines_of(text)
    return any(len(line) <= _MOST_WORDS and _NO_POSTERS.search(line) for line in lines)
