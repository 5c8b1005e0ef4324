"""Plots as PNG: curves and bars, drawn with Pillow."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final

from PIL import Image, ImageDraw, ImageFont

COLORS: Final = ("#1b6ca8", "#c8553d", "#3a7d44", "#7d4f9e", "#a67c00", "#00838f", "#ad1457", "#455a64")
_SIZE: Final = (640, 400)
_MARGIN: Final = 50
_GRID: Final = "#dddddd"
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True, slots=True)
class PlotLine:
    """A curve: points from left to right. Its name is in the legend; without one, it has the previous curve's color."""

    points: Sequence[tuple[float, float]]
    name: str = ""
    width: int = 3


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot's inner rectangle, from (0, 0) to (`wide`, `high`) in data units."""

    draw: ImageDraw.ImageDraw
    font: _Font
    wide: float
    high: float

    def at(self, across: float, up: float) -> tuple[float, float]:
        """Return the position of a point on the picture, in px."""
        width, height = _SIZE[0] - 2 * _MARGIN, _SIZE[1] - 2 * _MARGIN
        return _MARGIN + across / self.wide * width, _SIZE[1] - _MARGIN - up / self.high * height

    def rule(self, up: float, label: str) -> None:
        """Draw a horizontal line with its label."""
        self.draw.line([self.at(0, up), self.at(self.wide, up)], fill=_GRID)
        left, top = self.at(0, up)
        self.draw.text((left - 6 - self.font.getlength(label), top - 7), label, "black", self.font)

    def mark(self, across: float, label: str) -> None:
        """Draw a label below a position on the lower axis."""
        left, top = self.at(across, 0)
        self.draw.text((left - self.font.getlength(label) / 2, top + 6), label, "black", self.font)


def line_plot(lines: Sequence[PlotLine], title: str, marks: Sequence[float], below: str = "") -> bytes:
    """Plot curves of shares (0 to 1) over a lower axis from 0 to the last of `marks`, which label the axis."""
    plot = Image.new("RGB", _SIZE, "white")
    frame = _Frame(ImageDraw.Draw(plot), ImageFont.load_default(12), max(marks[-1], 1e-9) if marks else 1.0, 1.0)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        frame.rule(share, f"{share:.2f}")
    for mark in marks:
        frame.mark(mark, f"{mark:g}")
    number, legend = -1, 16 * max(4, sum(bool(line.name) for line in lines)) + 6
    for line in lines:
        number += bool(line.name)
        color = COLORS[number % len(COLORS)]
        if len(line.points) > 1:
            frame.draw.line([frame.at(*point) for point in line.points], fill=color, width=line.width)
        if line.name:
            corner = (_MARGIN + 12, _SIZE[1] - _MARGIN - legend + 16 * number)
            frame.draw.text(corner, line.name, color, frame.font)
    return _finished(plot, frame, title, below)


def bar_plot(bars: Sequence[tuple[str, float]], title: str, below: str = "") -> bytes:
    """Plot a bar for each name; if there are many, only some names are shown."""
    plot = Image.new("RGB", _SIZE, "white")
    highest = max((value for _, value in bars), default=0)
    step = _step(highest)
    frame = _Frame(ImageDraw.Draw(plot), ImageFont.load_default(12), max(1, len(bars)), max(step, highest * 1.02))
    for number in range(int(frame.high / step) + 1):
        frame.rule(number * step, f"{number * step:,.0f}")
    widest = max((frame.font.getlength(name) for name, _ in bars), default=0)
    every = max(1, ceil((widest + 8) * len(bars) / (_SIZE[0] - 2 * _MARGIN)))
    for number, (name, value) in enumerate(bars):
        left, top = frame.at(number + 0.12, value)
        right, bottom = frame.at(number + 0.88, 0)
        frame.draw.rectangle((left, top, right, bottom), fill=COLORS[0])
        if number % every == 0:
            frame.mark(number + 0.5, name)
    return _finished(plot, frame, title, below)


def _finished(plot: Image.Image, frame: _Frame, title: str, below: str) -> bytes:
    frame.draw.line([frame.at(0, frame.high), frame.at(0, 0), frame.at(frame.wide, 0)], fill="black")
    frame.draw.text((_MARGIN, 8), title, "black", frame.font)
    frame.draw.text((_MARGIN, _SIZE[1] - 20), below, "black", frame.font)
    png = io.BytesIO()
    plot.save(png, "PNG", optimize=True)
    return png.getvalue()


def _step(highest: float) -> float:
    """Return a round step that fits a few times below `highest`, at least 1."""
    rough = max(1.0, highest / 5)
    power = 10 ** int(log10(rough))
    return float(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))
