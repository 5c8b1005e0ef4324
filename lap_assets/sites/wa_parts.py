"""The parts of World Art's pages by which they are judged: their own end, their words for "none", their pictures."""

import re
from typing import TYPE_CHECKING, Final

from lap_assets.sites.wa_fields import lines_of

if TYPE_CHECKING:
    from parsel import Selector

# What ends a page: its own tag, or the line about rights at its foot, which stands in all pages since 2003.
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
_MOST_WORDS: Final = 150  # characters of a line that says that a page is empty; more is somebody's prose


def is_whole_page(text: str) -> bool:
    """Whether the page's own end comes after its own parts; what follows it, and stands before them, is advertising."""
    parts = [match.end() for match in _OWN_PARTS.finditer(text)]
    return _END.search(text, max(parts, default=0)) is not None


def shows_posters(page: "Selector", asked: int) -> bool:
    """Whether there is a picture of this animation on the page, or a link that may lead to one."""
    links = page.css("a::attr(href)").getall()
    return f"/{asked}/" in " ".join(page.css("img::attr(src)").getall()) or any(
        "animation_poster" in link and re.search(rf"\bid={asked}\b.", link) for link in links
    )


def says_none(text: str) -> bool:
    """Whether the page says in a line of its own that there are no posters."""
    lines = lines_of(text)
    return any(len(line) <= _MOST_WORDS and _NO_POSTERS.search(line) for line in lines)
