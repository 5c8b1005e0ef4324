"""Contact sheets: small pictures side by side, with captions and boxes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from lap_assets.core.errors import PictureError
from lap_assets.pictures.gate import open_reduced

_GROUND: Final = (246, 246, 244)
_INK: Final = (40, 40, 40)
_RED: Final = (235, 60, 40)
_GAP: Final = 8
_LINE: Final = 14


@dataclass(frozen=True, slots=True)
class SheetBox:
    """A box on a picture (x0 y0 x1 y1 in px of the upright picture), its label, and its color."""

    box: tuple[float, float, float, float]
    label: str = ""
    color: tuple[int, int, int] = _RED


@dataclass(frozen=True, slots=True)
class SheetTile:
    """One picture of a sheet, the lines below it, and the boxes on it."""

    path: Path
    caption: tuple[str, ...] = ()
    boxes: tuple[SheetBox, ...] = ()


def contact_sheet(tiles: Sequence[SheetTile], *, columns: int, side: int = 128, quality: int = 62) -> bytes:
    """Return the sheet as JPEG bytes, small enough for the metadata of an event."""
    jpeg = io.BytesIO()
    _drawn(tiles, columns, side).save(jpeg, "JPEG", quality=quality, optimize=True)
    return jpeg.getvalue()


def sheet_png(tiles: Sequence[SheetTile], *, columns: int, side: int = 200) -> bytes:
    """Return the sheet as PNG bytes, for viewing in detail."""
    png = io.BytesIO()
    _drawn(tiles, columns, side).save(png, "PNG", optimize=True)
    return png.getvalue()


def _drawn(tiles: Sequence[SheetTile], columns: int, side: int) -> Image.Image:
    """Draw the tiles in rows of `columns`, each fitted into a square of `side` px; unreadable pictures stay empty."""
    lines = max((len(tile.caption) for tile in tiles), default=0)
    cell = (side + _GAP, side + _GAP + lines * _LINE)
    rows = max(1, -(-len(tiles) // columns))
    sheet = Image.new("RGB", (columns * cell[0] + _GAP, rows * cell[1] + _GAP), _GROUND)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    for index, tile in enumerate(tiles):
        left = _GAP + index % columns * cell[0]
        top = _GAP + index // columns * cell[1]
        picture = _thumbnail(tile, side)
        if picture is not None:
            sheet.paste(picture, (left + (side - picture.width) // 2, top + side - picture.height))
        for number, line in enumerate(tile.caption):
            pen.text((left, top + side + 2 + number * _LINE), _fitting(line, font, side), fill=_INK, font=font)
    return sheet


def _thumbnail(tile: SheetTile, side: int) -> Image.Image | None:
    try:
        reduced = open_reduced(tile.path, side * 2)
    except PictureError:
        return None
    thumbnail = reduced.picture.convert("RGB")
    thumbnail.thumbnail((side, side), Image.Resampling.LANCZOS)
    _draw_boxes(thumbnail, tile.boxes, max(thumbnail.size) / max(reduced.header.size))
    return thumbnail


def _draw_boxes(picture: Image.Image, boxes: Sequence[SheetBox], scale: float) -> None:
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(9)
    for one in reversed(boxes):
        x0, y0, x1, y1 = (side * scale for side in one.box)
        pen.rectangle((x0, y0, max(x0, x1), max(y0, y1)), outline=one.color, width=2)
        if one.label:
            corner = (x0 + 1, max(0, y0 - 10))
            pen.rectangle(pen.textbbox(corner, one.label, font=font), fill=one.color)
            pen.text(corner, one.label, fill="white", font=font)


def _fitting(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """Shorten a line in its middle if it is too long, because similar names differ at their end."""
    kept, cut = len(line), line
    while kept and font.getlength(cut) > width:
        kept -= 1
        cut = f"{line[: kept // 2]}…{line[len(line) - (kept - kept // 2) :]}"
    return cut if kept else ""
