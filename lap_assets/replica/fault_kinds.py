"""The kinds of faults by name, the requests that each affects, and parsing of `--faults`.

The table and the form `KIND[*FIRST][=SHARE%][@PATTERN]` belong here. The acts are in `faults`, `fault_wire` and
`fault_content`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.replica import fault_content as content
from lap_assets.replica import fault_wire as wire
from lap_assets.replica.answers import Answer
from lap_assets.replica.faults import Act, Fault, block_page, not_connect, status

_SITES: Final = r"^/(?:mal|mal-cdn|wa)/"
_PAGES: Final = r"^/(?:mal|wa)/(?!robots\.txt)(?!.*\.jpg$)"
_LISTING: Final = r"^/mal/anime\.php"
_POSTER_PAGES: Final = r"^/mal/anime/.*/pics$|^/wa/animation/animation_poster\.php"
_PICTURES: Final = r"\.jpg$"
_FORM: Final = re.compile(
    r"(?P<kind>[a-z0-9-]+)(?:\*(?P<first>[0-9]{1,9}))?(?:=(?P<share>[0-9]{1,3}(?:\.[0-9]+)?)%)?(?:@(?P<pattern>.+))?"
)
ELSEWHERE: Final = "https://elsewhere.invalid/"
EVERY: Final = "all"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault: its act, the requests it affects by default, and a description."""

    make: Callable[[], Act]
    pattern: str
    description: str


def _error(code: int, retry_after: int | None = None) -> Kind:
    asked = f", Retry-After {retry_after} s" if retry_after is not None else ""
    return Kind(lambda: status(code, retry_after=retry_after).act, _SITES, f"status {code}{asked}")


def _always(act: Act, pattern: str, description: str) -> Kind:
    return Kind(lambda: act, pattern, description)


def _body(body: Callable[[Answer], tuple[bytes, str | None]], pattern: str, description: str) -> Kind:
    return Kind(partial(content.replaced, body), pattern, description)


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "refused": _always(wire.refused, _SITES, "the connection is refused, and all others for 0.3 s"),
        "reset": _always(wire.reset, _SITES, "the connection is reset in the middle of the body"),
        "cut": _always(wire.cut_short, _SITES, "half of the body with the Content-Length of the whole"),
        "cut-unseen": _always(wire.cut_unseen, _SITES, "half of the body with the Content-Length of the half"),
        "cut-no-length": _always(wire.cut_without_length, _SITES, "half of the body without a Content-Length"),
        "too-long": _always(wire.too_long, _SITES, "the whole body with half of its Content-Length"),
        "endless": _always(wire.endless, _SITES, "a body that comes slowly and never ends"),
        "silent": _always(wire.silent, _SITES, "no answer at all"),
        **{f"{code}": _error(code) for code in (403, 404, 429, 500, 503)},
        **{f"{code}-wait": _error(code, 1) for code in (403, 404, 429, 500, 503)},
        "503-long": _error(503, 7200),
        "block": Kind(lambda: block_page().act, _PAGES, "a challenge page with status 200"),
        "not-connect": Kind(lambda: not_connect().act, r"^/wa/.*\.php", "World Art's flood page, status 200"),
        "redirect-away": _always(content.redirect(lambda _: ELSEWHERE), _SITES, "a redirect to another host"),
        "redirect-loop": _always(content.redirect(content.own_address), _SITES, "a redirect to itself"),
        "charset": _body(content.other_charset, _PAGES, "the page in an undeclared encoding"),
        "gzip-bomb": _always(wire.gzip_bomb(1), _SITES, "a small gzip that unpacks to 128 MiB"),
        "gzip-nested": _always(wire.gzip_bomb(2), _SITES, "the same gzip, compressed twice"),
        "fewer-rows": _body(content.fewer_rows, _LISTING, "a listing without every third row"),
        "no-pictures": _body(content.no_pictures, _POSTER_PAGES, "a page that claims to have no pictures"),
        "html": _body(content.web_page, _PICTURES, "a page instead of a picture"),
        "gif": _body(content.gif, _PICTURES, "a GIF instead of a JPEG"),
        "half-picture": _body(content.half_picture, _PICTURES, "the first half of a picture"),
        "flipped": _body(content.flipped_bits, _PICTURES, "a picture with eight flipped bits"),
        "picture-bomb": _body(content.picture_bomb, _PICTURES, "a small file that claims billions of pixels"),
    }
)


def parse_faults(texts: list[str], seed: int = 0) -> list[Fault]:
    """Parse faults such as `all=1%`, `reset=0.5%`, `429*3@^/mal/anime` or `html@102l`, separated by `;`.

    `all` stands for every kind, in the table's order.

    Raises:
        InputError: a fault has a wrong form or an unknown kind.
    """
    items = [item.strip() for text in texts for item in text.split(";") if item.strip()]
    return [fault for item in items for fault in _faults(item, seed)]


def fault(name: str, *, pattern: str | None = None, first: int | None = None, share: float | None = None,
          seed: int = 0) -> Fault:  # fmt: skip
    """Return a fault of a named kind, for the kind's own requests unless `pattern` is given."""
    kind = KINDS[name]
    return Fault(kind.make(), pattern or kind.pattern, first, name, share, seed)


def _faults(item: str, seed: int) -> list[Fault]:
    read = _FORM.fullmatch(item)
    if read is None:
        raise InputError(
            f"--faults {item!r}: expected KIND[*FIRST][=SHARE%][@PATTERN], such as reset=1% or 429*3@/pics"
        )
    if read["kind"] != EVERY and read["kind"] not in KINDS:
        raise InputError(f"--faults {item!r}: no kind {read['kind']!r}; expected one of: {', '.join(KINDS)}, {EVERY}")
    share = float(read["share"]) / 100 if read["share"] else None
    if share is not None and share > 1:
        raise InputError(f"--faults {item!r}: expected a share of 0 to 100 %")
    try:
        re.compile(read["pattern"] or "")
    except re.error as error:
        raise InputError(f"--faults {item!r}: {read['pattern']!r} is not a valid pattern: {error}") from None
    names = KINDS if read["kind"] == EVERY else (read["kind"],)
    first = int(read["first"]) if read["first"] else None
    return [fault(name, pattern=read["pattern"], first=first, share=share, seed=seed) for name in names]
