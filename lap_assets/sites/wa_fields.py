"""The fields of a World Art page, found by their Russian labels in its visible lines."""

import html
import re
from typing import Final

from lap_assets.sites.markup import sub_tags

_LINE_ENDS: Final = re.compile(r"<(?:br|/tr|/table|/p|/div)\b[^>]*>", re.IGNORECASE)
_CELLS: Final = re.compile(r"</?td\b[^>]*>", re.IGNORECASE)
_TAGS: Final = re.compile("<[^>]*>")


def lines_of(text: str) -> list[str]:
    """Return the page's text as its visible lines."""
    broken = sub_tags(_LINE_ENDS, "\n", re.sub(r"[\r\n]+", " ", text))
    return [clean(sub_tags(_TAGS, "", line)) for line in sub_tags(_CELLS, " ", broken).split("\n")]


def clean(markup: str) -> str:
    """Return plain text: entities decoded, whitespace collapsed."""
    plain = " ".join(html.unescape(markup).replace("\xa0", " ").split())
    return re.sub(r"\s+([,.;])", r"\1", plain)


def field(lines: list[str], label: str) -> str:
    """Return the value after the label, or ""."""
    pattern = re.compile(rf"^{label}\s*:?\s+(.+)$|^{label}:(.+)$")
    found = next((match for line in lines if (match := pattern.match(line))), None)
    return clean(found[1] or found[2]).lstrip(": ") if found else ""


def score_of(value: str) -> float | None:
    """Return the number at the start of the value; None without one."""
    found = re.match(r"([0-9]{1,2}(?:[.,][0-9]+)?)", value)
    return float(found[1].replace(",", ".")) if found else None


def top_place_of(lines: list[str]) -> int | None:
    """Return the rank in the site's ranking; None without one."""
    found = re.match(r"#?\s*([0-9]{1,6})", field(lines, "Место в рейтинге") or field(lines, "Место в топе"))
    return int(found[1]) if found else None
