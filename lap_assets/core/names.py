"""File names of posters: the only module that knows their pattern and what a name says about a poster's origin.

Pattern (original text and scripts): `MAL<id>_<n1>_<n2>.jpg` and `MAL<id>_WA<id2>_<n3>.jpg`, numbers zero-padded to
5, 4, 6 and 5, 5, 3 digits. More digits are accepted, and a name is written back in its one canonical form. The tags
(`WA`) are defined in `lap_assets.core.sites`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from lap_assets.core.errors import NameInvalid
from lap_assets.core.sites import site_entry, sites
from lap_assets.core.subfolders import subfolder_of

# ASCII digits only: \d and int() would also accept other scripts' digits.
_PATTERN: Final = re.compile(r"MAL([0-9]{5,9})_(?:([0-9]{4,9})_([0-9]{6,9})|([A-Z]+)([0-9]{5,9})_([0-9]{3,9}))\.jpg")

_LONGEST: Final = 80  # characters: far more than any name has; a longer text is not worth caching


def _source_of(tag: str | None) -> str | None:
    """Return the key of the site with this tag; None if there is none."""
    for entry in sites():
        if entry.tag == tag:
            return entry.key
    return None


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
        parts = _parts_of(name) if len(name) <= _LONGEST else None
        source = None if parts is None else _source_of(parts[1])
        if parts is None or source is None or parts[0] < 1:
            raise NameInvalid(
                f"{name!r} is not a poster's name: expected MAL00005_1018_120197.jpg or MAL00020_WA00262_164.jpg"
            )
        return cls(parts[0], source, *parts[2:])

    @classmethod
    def mal(cls, mal_id: int, n1: int, n2: int) -> Self:
        """Return the name of MAL's picture n1/n2 of the anime."""
        return cls(mal_id, "mal", n1, n2)

    @classmethod
    def wa(cls, mal_id: int, wa_id: int, number: int) -> Self:
        """Return the name of World Art's image `number` of its animation `wa_id`."""
        return cls(mal_id, "wa", wa_id, number)

    def __str__(self) -> str:
        if (tag := site_entry(self.source).tag) is None:
            return f"MAL{self.mal_id:05d}_{self.first:04d}_{self.second:06d}.jpg"
        return f"MAL{self.mal_id:05d}_{tag}{self.first:05d}_{self.second:03d}.jpg"

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
