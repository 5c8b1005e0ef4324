"""Parsing shared by both sites: decoding, block and error pages, cut-off pages. No selectors of a single site."""

import codecs
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from parsel import Selector


# Texts of block and challenge pages, collected from other MAL scrapers. Some come with status 200.
_BLOCK_TEXTS: Final = ("access has been restricted", "your ip has been banned", "human verification")
_BLOCK_TITLES: Final = (
    "just a moment", "human verification", "attention required", "access denied", "ddos-guard", "netgear",
    "web site blocked",
)  # fmt: skip
# Markup of challenge pages that does not depend on the language.
_BLOCK_PARTS: Final = (
    "cf-chl", "_cf_chl_", "__cf_chl_", "/cdn-cgi/challenge-platform/h/", "challenges.cloudflare.com",
    "cf-browser-verification", "cf_captcha_kind", "cf-turnstile", 'id="challenge-form"', 'id="challenge-running"',
    "/.well-known/ddos-guard/", "check.ddos-guard.net", "ddos-guard.net", "awswafcookiedomainlist", "awswaf.com/",
    "gokuprops", "netgear", "_incapsula_resource", "sucuri website firewall", "captcha-delivery.com", "px-captcha",
    "showcaptcha", "h-captcha", "g-recaptcha",
)  # fmt: skip
_NOT_CONNECTED: Final = "not_connect.html"
_BAD: Final = "\N{REPLACEMENT CHARACTER}"
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_HEAD: Final = 65_536  # leading bytes in which a page declares its encoding and its robots meta
_GOOD_TO_BAD: Final = 20
_META: Final = re.compile(rb"<meta\b[^>]{0,500}>", re.IGNORECASE)
_ROBOTS_META: Final = re.compile(rb"\bname\s*=\s*[\"']?robots\b", re.IGNORECASE)
_CONTENT: Final = re.compile(rb"\bcontent\s*=\s*[\"']([^\"'>]{0,400})", re.IGNORECASE)
_MOST_COMPARED: Final = 400_000_000  # sum of squared words per tag: a tag with 20,000 attributes takes two seconds
_MOST_LEVELS: Final = 1_500_000  # no real page has as many; one at the parser's depth limit (2048) has more
_AGAINST_AI: Final = ("noai", "noimageai", "noml")
# A byte order mark takes precedence over every other sign of an encoding (the HTML standard, "BOM sniff").
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(body: bytes, fallback: str) -> str:
    """Decode a page by its byte order mark, else as UTF-8 if it is UTF-8, else as `fallback`; bad bytes are replaced.

    Header and meta are unreliable, since advertising wrappers declare wrong encodings. Russian text in windows-1251 is
    practically never valid UTF-8, so the bytes decide: a page is UTF-8 if it is valid, or if it has few bad bytes among
    many good ones and its meta names no other encoding. NUL ends lxml's parsing, so it is replaced, as in the HTML
    standard: a single one does no harm, and a body in which every other byte is NUL is not a page.
    """
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), None)
    text = body.decode(marked or "utf-8", errors="replace")
    if marked is None and (bad := text.count(_BAD)) and not _is_nearly_utf8(body, text, bad):
        text = body.decode(fallback, errors="replace")
    return text.replace("\0", _BAD)


def _is_nearly_utf8(body: bytes, text: str, bad: int) -> bool:
    """Return whether bad bytes are few among multi-byte letters, and the page names no other encoding."""
    named = _CHARSET.search(body[:_HEAD])
    good = sum(character > "\x7f" for character in text) - bad
    return good > _GOOD_TO_BAD * bad and (named is None or named[1].lower() in (b"utf-8", b"utf8"))


def select(text: str) -> "Selector":
    """Return a selector over the page; an empty document for an empty page.

    A page that would take minutes to query (tags with many thousand attributes, endlessly nested elements) also yields
    an empty document: it proves nothing.
    """
    from parsel import Selector  # most commands parse no page

    empty = "<html></html>"
    page = Selector(text=text if text and not _has_giant_tags(text) else empty, type="html")
    return Selector(text=empty, type="html") if _is_too_deep(page.root) else page


def sub_tags(tag: re.Pattern[str], by: str, text: str) -> str:
    """Replace tags, whose pattern ends with `>`, in time linear in the text.

    The text behind the last `>` is not searched: it has no tags, and looking for the end of each `<` is quadratic.
    """
    end = text.rfind(">") + 1
    return tag.sub(by, text[:end]) + text[end:]


def _has_giant_tags(text: str) -> bool:
    """Return whether tags have so many attributes that the parser's pairwise comparison takes more than seconds."""
    counts = (len(piece.partition(">")[0].split()) for piece in text.split("<"))
    return sum(count * count for count in counts) > _MOST_COMPARED


def _is_too_deep(root: Any) -> bool:
    """Return whether the depths of all elements add up to more than in any real page."""
    level, depth, total = [root], 1, 0
    while level and total <= _MOST_LEVELS:
        total += depth * len(level)
        level, depth = [child for element in level for child in element], depth + 1
    return total > _MOST_LEVELS


def title_of(page: "Selector") -> str:
    """Return the text of `<title>`, with whitespace collapsed."""
    return " ".join("".join(page.css("title ::text").getall()).split())


def is_whole(text: str) -> bool:
    """Return whether the page is complete (comments and scripts may follow `</html>`)."""
    return "</html>" in text[-4096:].lower()


def looks_blocked(text: str, title: str) -> bool:
    """Return whether an unrecognized page is a block, challenge or overload page."""
    lowered = text.lower()
    return (
        any(mark in title.lower() for mark in _BLOCK_TITLES)
        or any(mark in lowered for mark in (*_BLOCK_TEXTS, *_BLOCK_PARTS))
        or _NOT_CONNECTED in lowered
    )


def forbids_ai(body: bytes) -> str | None:
    """Return the words of a page's robots meta against use for AI, such as "noai, noimageai"; None without any."""
    for tag in _META.findall(body[:_HEAD]):
        if _ROBOTS_META.search(tag) and (content := _CONTENT.search(tag)):
            words = [word.strip() for word in content[1].decode("ascii", "replace").lower().split(",")]
            if against := [word for word in words if word in _AGAINST_AI]:
                return ", ".join(against)
    return None


def anime_id_in(url: str) -> int | None:
    """Return the MAL id in a MyAnimeList address, in any of its known forms; None without one."""
    found = re.search(
        r"myanimelist\.net/anime(?:/|\.php\?(?:[^#]{0,400}&)?id=)([0-9]{1,9})(?![0-9])", url, flags=re.IGNORECASE
    )
    return int(found[1]) if found and int(found[1]) > 0 else None
