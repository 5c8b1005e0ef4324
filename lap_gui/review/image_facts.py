"""Facts about a poster's file, and which of two posters is better and why. No pictures, no Tk."""

from dataclasses import dataclass

from lap_assets.core.names import PosterName
from lap_assets.core.sites import site_entry
from lap_assets.core.verdicts.fidelity import HAS, LACKS
from lap_assets.core.verdicts.sizes import PosterSize, Side, compare_sizes
from lap_assets.pictures.jpeg_quality import Quality


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A poster's file: its name, displayed width and height in px, bytes, and JPEG quality (None for other formats)."""

    name: str
    width: int
    height: int
    bytes: int
    quality: Quality | None = None

    @property
    def pixels(self) -> int:
        """Width times height."""
        return self.width * self.height

    @property
    def size(self) -> PosterSize:
        """The input of the size order."""
        return PosterSize(self.name, self.pixels, self.bytes)

    @property
    def kilobytes(self) -> str:
        """The file's size as text."""
        return f"{self.bytes / 1024:,.0f} KB" if self.bytes >= 10240 else f"{self.bytes / 1024:.1f} KB"

    @property
    def short_site(self) -> str:
        """The site in two or three letters."""
        return self._source.upper()

    @property
    def site(self) -> str:
        """The title of the poster's site."""
        return site_entry(self._source).title

    @property
    def _source(self) -> str:
        return PosterName.parse(self.name).source


@dataclass(frozen=True, slots=True)
class Judgement:
    """The better of two posters; `why` in a few words; `but`: what favors the other one, or ""."""

    better: Side
    why: str
    but: str = ""


def judge(first: ImageFacts, second: ImageFacts, suggestion: str = "", reason: str = "") -> Judgement:
    """Return which of two posters the rules keep, and why.

    `suggestion` and `reason`: the poster that a list would remove, and why. Without them, pixels and bytes decide. JPEG
    quality is mentioned if that of the other one is better.
    """
    aspect = next((aspect for aspect, words in LACKS.items() if words == reason.partition(";")[0]), None)
    if aspect is not None and suggestion in (first.name, second.name):
        better: Side = "second" if suggestion == first.name else "first"
        kept, removed = (first, second) if better == "first" else (second, first)
        return Judgement(better, HAS[aspect], _quality_against(kept, removed))
    return _judge_sizes(first, second)


def _judge_sizes(first: ImageFacts, second: ImageFacts) -> Judgement:
    compared = compare_sizes(first.size, second.size)
    kept, removed = (first, second) if compared.larger == "first" else (second, first)
    if compared.by == "pixels":
        why = f"{_more(kept.pixels, removed.pixels)} pixels"
    elif compared.by == "bytes":
        why = f"as many pixels, {_more(kept.bytes, removed.bytes)} bytes"
    else:
        why = "the same size; its name comes first"
    return Judgement(compared.larger, why, _quality_against(kept, removed))


def _more(high: int, low: int) -> str:
    times = high / low if low else float("inf")
    return f"{times:.1f} times the" if times >= 1.95 else f"{max(1, round(100 * (times - 1)))} % more"


def _quality_against(kept: ImageFacts, removed: ImageFacts) -> str:
    if kept.quality is None or removed.quality is None or kept.quality.value >= removed.quality.value:
        return ""
    return f"its JPEG quality is lower: {kept.quality} to {removed.quality}"
