"""Random changes to pages, like those of real sites: renamed classes, removed, emptied and swapped parts."""

import random
import re
from collections.abc import Callable
from typing import Final

from lxml import html  # type: ignore[import-untyped]
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from lap_assets.replica.answers import Answer
from lap_assets.replica.fault_content import replaced
from lap_assets.replica.faults import Fault

Bend = Callable[[HtmlElement, random.Random], None]
_KEPT: Final = ("html", "head", "body")


def _elements(page: HtmlElement) -> list[HtmlElement]:
    return [one for one in page.iter() if isinstance(one.tag, str) and one.tag not in _KEPT]


def rename_class(page: HtmlElement, chance: random.Random) -> None:
    """Rename one of the classes everywhere."""
    names = sorted({name for one in _elements(page) for name in one.get("class", "").split()})
    old = chance.choice(names) if names else ""
    for one in _elements(page):
        if old and old in one.get("class", "").split():
            one.set("class", " ".join(f"new-{name}" if name == old else name for name in one.get("class", "").split()))


def rename_attribute(page: HtmlElement, chance: random.Random) -> None:
    """Change one value of an attribute that is not an address everywhere."""
    names = ("id", "rel", "name")
    values = sorted({(name, one.get(name, "")) for one in _elements(page) for name in names if one.get(name)})
    if values:
        name, value = chance.choice(values)
        for one in _elements(page):
            if one.get(name) == value:
                one.set(name, f"new-{value}")


def remove_part(page: HtmlElement, chance: random.Random) -> None:
    """Remove one element with its contents."""
    part = chance.choice(_elements(page))
    part.drop_tree()


def empty_part(page: HtmlElement, chance: random.Random) -> None:
    """Empty one element."""
    emptied = chance.choice(_elements(page))
    emptied.text = None
    for child in list(emptied):
        emptied.remove(child)


def swap_parts(page: HtmlElement, chance: random.Random) -> None:
    """Reverse the children of one element."""
    several = [one for one in page.iter() if isinstance(one.tag, str) and len(one) > 1]
    if several:
        chosen = chance.choice(several)
        chosen[:] = list(chosen)[::-1]


def rename_tag(page: HtmlElement, chance: random.Random) -> None:
    """Replace one tag name by another."""
    old = chance.choice(sorted({one.tag for one in _elements(page)}))
    for one in _elements(page):
        if one.tag == old:
            one.tag = "section"


BENDS: Final[tuple[Bend, ...]] = (rename_class, rename_attribute, remove_part, empty_part, swap_parts, rename_tag)


def bent(body: bytes, seed: int, times: int = 1, encoding: str = "utf-8") -> bytes:
    """Return the page after several random changes drawn from `seed`; doctype and encoding stay."""
    chance = random.Random(seed)
    page = html.document_fromstring(body.decode(encoding))
    for _ in range(times):
        chance.choice(BENDS)(page, chance)
    text = str(html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>"))
    return text.encode(encoding, "xmlcharrefreplace")


def bending(pattern: str, seed: int, *, encoding: str = "utf-8") -> Fault:
    """Return a replica's fault that changes every matching page, all in the same way."""

    def body(answer: Answer) -> tuple[bytes, str | None]:
        return bent(answer.body, seed, encoding=encoding), None

    return Fault(replaced(body), pattern, name="bent")


def editing(pattern: str, old: str, new: str, *, encoding: str = "utf-8", first: int | None = None) -> Fault:
    """Return a replica's fault that replaces a regular expression in every matching page."""

    def body(answer: Answer) -> tuple[bytes, str | None]:
        return re.sub(old, new, answer.body.decode(encoding)).encode(encoding, "xmlcharrefreplace"), None

    return Fault(replaced(body), pattern, first, name="edited")
