"""What is told of a poster beside another, and which of the two is better and why. No pictures, no Tk."""

from dataclasses import dataclass
from typing import Literal

from lap_assets.core.names import PosterName
from lap_assets.core.sites import site_entry
from lap_gui.review.jpeg_quality import Quality

Side = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A poster's file: its name, width and height in px as shown, bytes, and JPEG quality (None for other formats)."""

    name: str
    width: int
    height: int
    bytes: int
    quality: Quality | None = None

    @property
    def pixels(self) -> int:
        """How many."""
        return self.width * self.height

    @property
    def kilobytes(self) -> str:
        """The weight as it is shown."""
        return f"{self.bytes / 1024:,.0f} KB" if self.bytes >= 10240 else f"{self.bytes / 1024:.1f} KB"

    @property
    def short_site(self) -> str:
        """The same in two or three letters."""
        return PosterName.parse(self.name).source.upper()

    @property
    def site(self) -> str:
        """The site that the name says it is from."""
        return site_entry(PosterName.parse(self.name).source).title


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which of two is better, and `why` in a few words; `beside`: what speaks for the other one, or ""."""

    better: Side
    why: str
    beside: str = ""


def judge(first: ImageFacts, second: ImageFacts) -> Judgement:
    """Tells what the rules would keep: more pixels, then more bytes, then the earlier name.

    JPEG quality decides nothing, since the rules do not know it; it is told where it speaks for the other one.
    """
    if first.pixels != second.pixels:
        better: Side = "first" if first.pixels > second.pixels else "second"
        why = f"{_more(first.pixels, second.pixels)} pixels"
    elif first.bytes != second.bytes:
        better = "first" if first.bytes > second.bytes else "second"
        why = f"as many pixels, {_more(first.bytes, second.bytes)} bytes"
    else:
        better = "first" if first.name < second.name else "second"
        why = "the same size; its name comes first"
    kept, gone = (first, second) if better == "first" else (second, first)
    return Judgement(better, why, _beside(kept, gone))


def rank(facts: ImageFacts) -> tuple[int, int, str]:
    """Sorts the best first, as `judge` judges."""
    return (-facts.pixels, -facts.bytes, facts.name)


def _more(one: int, other: int) -> str:
    high, low = max(one, other), min(one, other)
    times = high / low if low else float("inf")
    return f"{times:.1f} times the" if times >= 1.95 else f"{max(1, round(100 * (times - 1)))} % more"


def _beside(kept: ImageFacts, gone: ImageFacts) -> str:
    if kept.quality is None or gone.quality is None or kept.quality.value >= gone.quality.value:
        return ""
    return f"its JPEG quality is lower: {kept.quality} to {gone.quality}"
