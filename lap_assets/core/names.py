"""File names of posters: the only module that knows their pattern and what a name says about a poster's origin.

Pattern (original text and scripts): `MAL<id>_<n1>_<n2>.jpg` and `MAL<id>_WA<id2>_<n3>.jpg`, numbers zero-padded to
5, 4, 6 and 5, 5, 3 digits. More digits are accepted, and a name is written back in its one canonical form. The tags
(`WA`) are defined in `lap_assets.core.sites`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from lap_assets.core.errors import NameInvalid
from lap_assets.core.sites import site_entry, sites
from lap_assets.core.subfolders import subfolder_of


def _form(number: Callable[[int], str]) -> str:
    """Return the pattern of names, made with a pattern for numbers of at least so many digits. MAL id 0 is invalid."""
    return rf"MAL(?!0+_){number(5)}_(?:{number(4)}_{number(6)}|([A-Z]+){number(5)}_{number(3)})\.jpg"


# ASCII digits only: \d and int() would also accept other scripts' digits.
_PATTERN: Final = re.compile(_form(lambda digits: f"([0-9]{{{digits},9}})"))
_CANONICAL: Final = re.compile(_form(lambda digits: f"(?:[0-9]{{{digits}}}|[1-9][0-9]{{{digits},8}})"))

_LONGEST: Final = 80  # characters: far more than any name has; a longer text is not worth caching


@lru_cache(maxsize=1 << 18)
def _parts_of(name: str) -> tuple[int, str | None, int, int] | None:
    """Return MAL id, tag and the two numbers of a name; None if it does not follow the pattern.

    Cached, since lists and logs repeat each name many times.
    """
    match = _PATTERN.fullmatch(name)
    if match is None:
        return None
    mal_id, n1, n2, tag, site_id, n3 = match.groups()
    first, second = (n1, n2) if tag is None else (site_id, n3)
    return int(mal_id), tag, int(first), int(second)


def _parse(name: str) -> tuple[int, str, int, int]:
    """Return MAL id, the site's key and the two numbers of a name.

    Raises:
        NameInvalid: the name does not follow the pattern, or its MAL id is 0.
    """
    parts = _parts_of(name) if len(name) <= _LONGEST else None
    site = None if parts is None else _site_of(parts[1])
    if parts is None or site is None:
        raise NameInvalid(
            f"{name!r} is not a poster's name: expected MAL00005_1018_120197.jpg or MAL00020_WA00262_164.jpg"
        )
    return parts[0], site, parts[2], parts[3]


def _site_of(tag: str | None) -> str | None:
    """Return the key of the site with this tag; None if there is none."""
    for entry in sites():
        if entry.tag == tag:
            return entry.key
    return None


def _write(mal_id: int, source: str, first: int, second: int) -> str:
    if (tag := site_entry(source).tag) is None:
        return f"MAL{mal_id:05d}_{first:04d}_{second:06d}.jpg"
    return f"MAL{mal_id:05d}_{tag}{first:05d}_{second:03d}.jpg"


def mal_id_of(name: str) -> int:
    """Return the MAL id in a poster's name.

    Raises:
        NameInvalid: it is not a poster's name.
    """
    return _parse(name)[0]


def canonical_name(name: str) -> str:
    """Return a poster's name in its one canonical form.

    Raises:
        NameInvalid: it is not a poster's name.
    """
    match = _CANONICAL.fullmatch(name)  # nearly all names: nothing is taken apart
    return name if match is not None and _site_of(match[1]) is not None else _write(*_parse(name))


@dataclass(frozen=True, order=True, slots=True)
class PosterName:
    """A poster's identity: the anime on MAL, the site of the poster, and its two numbers on that site.

    `source` is the site's key. `first` and `second` are n1 and n2 of a MAL picture, or the anime's id on another site
    and the number of its image.
    """

    mal_id: int
    source: str
    first: int
    second: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """Parse a file name (without a folder).

        Raises:
            NameInvalid: the name does not follow the pattern, or its MAL id is 0.
        """
        return cls(*_parse(name))

    @classmethod
    def mal(cls, mal_id: int, n1: int, n2: int) -> Self:
        """Return the name of MAL's picture n1/n2 of the anime."""
        return cls(mal_id, "mal", n1, n2)

    @classmethod
    def wa(cls, mal_id: int, wa_id: int, number: int) -> Self:
        """Return the name of World Art's image `number` of its animation `wa_id`."""
        return cls(mal_id, "wa", wa_id, number)

    def __str__(self) -> str:
        return _write(self.mal_id, self.source, self.first, self.second)

    @property
    def subfolder(self) -> str:
        """The MAL-ID subfolder ("0" … "9") of the poster."""
        return subfolder_of(self.mal_id)

    @property
    def url(self) -> str:
        """The address that the original text gives for this name: MAL's picture, or World Art's poster page."""
        return site_entry(self.source).page_url(self.first, self.second)

    @property
    def image_url(self) -> str:
        """The address of the picture file (for World Art, the first of `sites.wa.image_urls`)."""
        return site_entry(self.source).image_url(self.first, self.second)
