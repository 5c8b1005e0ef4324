"""Pages bent as sites bend theirs: classes renamed, parts removed, parts swapped, words changed."""

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
    """Another name for one of the classes, wherever it stands."""
    names = sorted({name for one in _elements(page) for name in one.get("class", "").split()})
    old = chance.choice(names) if names else ""
    for one in _elements(page):
        if old and old in one.get("class", "").split():
            one.set("class", " ".join(f"new-{name}" if name == old else name for name in one.get("class", "").split()))


def rename_attribute(page: HtmlElement, chance: random.Random) -> None:
    """Another value for one of the attributes that are no addresses, wherever it stands."""
    names = ("id", "rel", "name")
    values = sorted({(name, one.get(name, "")) for one in _elements(page) for name in names if one.get(name)})
    if values:
        name, value = chance.choice(values)
        for one in _elements(page):
            if one.get(name) == value:
                one.set(name, f"new-{value}")


def remove_part(page: HtmlElement, chance: random.Random) -> None:
    """One element is gone, with all that it holds."""
    gone = chance.choice(_elements(page))
    gone.drop_tree()


def empty_part(page: HtmlElement, chance: random.Random) -> None:
    """One element stays and holds nothing."""
    emptied = chance.choice(_elements(page))
    emptied.text = None
    for child in list(emptied):
        emptied.remove(child)


def swap_parts(page: HtmlElement, chance: random.Random) -> None:
    """The children of one element stand the other way round."""
    several = [one for one in page.iter() if isinstance(one.tag, str) and len(one) > 1]
    if several:
        chosen = chance.choice(several)
        chosen[:] = list(chosen)[::-1]


def rename_tag(page: HtmlElement, chance: random.Random) -> None:
    """One kind of element is written with another tag."""
    old = chance.choice(sorted({one.tag for one in _elements(page)}))
    for one in _elements(page):
        if one.tag == old:
            one.tag = "section"


BENDS: Final[tuple[Bend, ...]] = (rename_class, rename_attribute, remove_part, empty_part, swap_parts, rename_tag)


def bent(body: bytes, seed: int, times: int = 1, encoding: str = "utf-8") -> bytes:
    """The page bent so many times, in ways drawn from `seed`; its doctype and encoding stay."""
    chance = random.Random(seed)
    page = html.document_fromstring(body.decode(encoding))
    for _ in range(times):
        chance.choice(BENDS)(page, chance)
    text = str(html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>"))
    return text.encode(encoding, "xmlcharrefreplace")


def bending(pattern: str, seed: int, *, encoding: str = "utf-8") -> Fault:
    """A fault of the replica: each page that matches is bent, all of them in the same way."""

    def body(answer: Answer) -> tuple[bytes, str | None]:
        return bent(answer.body, seed, encoding=encoding), None

    return Fault(replaced(body), pattern, name="bent")


def editing(pattern: str, old: str, new: str, *, encoding: str = "utf-8", first: int | None = None) -> Fault:
    """A fault of the replica: a regular expression replaced in each page that matches."""

    def body(answer: Answer) -> tuple[bytes, str | None]:
        return re.sub(old, new, answer.body.decode(encoding)).encode(encoding, "xmlcharrefreplace"), None

    return Fault(replaced(body), pattern, first, name="edited")
