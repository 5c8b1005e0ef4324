"""What the pages of both sites share: decoding, block and error pages, cut-off pages. No site's own selectors."""

import codecs
import re
from typing import Final

from parsel import Selector

# Texts of block and challenge pages, as other scrapers of MAL met them. Some answer with status 200.
_BLOCK_TEXTS: Final = ("access has been restricted", "your ip has been banned", "human verification", "cf-chl")
_BLOCK_TITLES: Final = ("just a moment", "human verification", "attention required", "access denied")
_NOT_CONNECTED: Final = "not_connect.html"
_BAD: Final = "\N{REPLACEMENT CHARACTER}"
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_HEAD: Final = 65_536  # bytes at the beginning in which a page names its encoding
_GOOD_TO_BAD: Final = 20
# A byte order mark goes before all else that tells an encoding (the HTML standard, "BOM sniff").
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(body: bytes, fallback: str) -> str:
    """Text of a page, by its byte order mark, else as UTF-8 where it is that, else as `fallback`; bad bytes replaced.

    Neither header nor meta is proof: wrappers of advertising announce what is not so. Russian text in windows-1251 is
    practically never valid UTF-8, so the bytes tell: a page is UTF-8 where it is valid, and where a few bad bytes stand
    among many good ones and its meta names no other. NUL ends lxml's reading, so it is replaced as in the HTML
    standard: one does no harm, and where every other byte is one there is no page.
    """
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    text = body.decode(marked or "utf-8", errors="replace")
    if marked is None and (bad := text.count(_BAD)) and not _is_nearly_utf8(body, text, bad):
        text = body.decode(fallback, errors="replace")
    return text.replace("\0", _BAD)


def _is_nearly_utf8(body: bytes, text: str, bad: int) -> bool:
    """Whether bad bytes are few among letters of several bytes, and nothing in the page names another encoding."""
    named = _CHARSET.search(body[:_HEAD])
    good = sum(character > "\x7f" for character in text) - bad
    return good > _GOOD_TO_BAD * bad and (named is None or named[1].lower() in (b"utf-8", b"utf8"))


def select(text: str) -> Selector:
    """A selector over the page; an empty page gives an empty document."""
    return Selector(text=text or "<html></html>", type="html")


def title_of(page: Selector) -> str:
    """The text of `<title>`, blanks collapsed."""
    return " ".join("".join(page.css("title ::text").getall()).split())


def is_whole(text: str) -> bool:
    """Whether the page arrived to its end (comments and scripts may follow `</html>`)."""
    return "</html>" in text[-4096:].lower()


def looks_blocked(text: str, title: str) -> bool:
    """Whether a page that has not proved to be what was asked for is a block, challenge or overload page."""
    lowered = text.lower()
    return (
        any(mark in title.lower() for mark in _BLOCK_TITLES)
        or any(mark in lowered for mark in _BLOCK_TEXTS)
        or _NOT_CONNECTED in lowered
    )


def anime_id_in(url: str) -> int | None:
    """The MAL id in a MyAnimeList address, in any of the forms in use."""
    found = re.search(
        r"myanimelist\.net/anime(?:/|\.php\?(?:[^#]*&)?id=)([0-9]{1,9})(?![0-9])", url, flags=re.IGNORECASE
    )
    return int(found[1]) if found and int(found[1]) > 0 else None
