"""Measuring how much of a picture a file has kept (`core.verdicts.fidelity` defines the numbers).

Belongs here: measurements of pixels, with only Pillow, because the review tools measure too.
"""

from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops, ImageStat

from lap_assets.core.verdicts.fidelity import Fidelity
from lap_assets.pictures.damage import find_damage
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, inspect, open_upright, read_bytes
from lap_assets.pictures.jpeg_quality import quality_of
from lap_assets.pictures.reading import Source

_SCALES: Final = (64, 128, 256, 512, 1024)
"""The longer sides, in px, to which a picture is reduced to measure its loss."""
_BLUR: Final = 8  # px
_PLAIN: Final = 16  # levels by which a border may differ from its corner
_COLORED: Final = 3  # levels by which blue or red may differ from gray in a gray picture
_TWIN: Final = 0.5  # below this evenness of changes between neighbors, pixels were doubled


def measure_fidelity(source: Source, limits: Limits = DEFAULT_LIMITS) -> Fidelity:
    """Measure a picture's file.

    Raises:
        PictureError: as in `gate.open_upright`.
    """
    data = read_bytes(source, limits)
    header = inspect(data, limits)
    picture = open_upright(data, limits)
    quality = quality_of(header.tables)
    luma = picture.convert("L")
    box = _without_border(luma)
    inner = luma if box is None else luma.crop(box)
    blocking, evenness = _steps(inner)
    return Fidelity(
        detail=round(_detail(inner) * 2 ** (-2 * max(0.0, _TWIN - evenness)), 4),
        quality=None if quality is None else quality.value,
        is_color=_is_color(picture),
        blocking=round(blocking, 3),
        filled=round(inner.width * inner.height / (luma.width * luma.height), 3),
        damage=find_damage(data),
    )


def _detail(luma: Image.Image) -> float:
    """Return the loss from reducing to each of `_SCALES` and enlarging again, relative to contrast, summed."""
    contrast = max(ImageStat.Stat(luma).stddev[0], 1.0)
    longer = max(luma.size)
    lost = 0.0
    for scale in (scale for scale in _SCALES if scale < longer):
        size = tuple(max(1, round(side * scale / longer)) for side in luma.size)
        reduced = luma.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=2.0)
        restored = reduced.resize(luma.size, Image.Resampling.BICUBIC)
        lost += ImageStat.Stat(ImageChops.difference(luma, restored)).rms[0] / contrast
    return lost


def _without_border(luma: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box inside a plain border, by the levels of two corners; None if the whole picture is plain."""
    width, height = luma.size
    left, top, right, bottom = 0, 0, width, height
    for corner in ((0, 0), (width - 1, height - 1)):
        level = luma.getpixel(corner)
        ground = Image.new("L", luma.size, level)
        box = ImageChops.difference(luma, ground).point(lambda value: 255 * (value > _PLAIN)).getbbox()
        if box is None:
            return None
        left, top, right, bottom = max(left, box[0]), max(top, box[1]), min(right, box[2]), min(bottom, box[3])
    # JPEG blurs the edge of a border, so the blurred pixels count as border.
    left, top = (at + _BLUR if at else 0 for at in (left, top))
    right, bottom = (at - _BLUR if at < side else side for at, side in ((right, width), (bottom, height)))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _steps(luma: Image.Image) -> tuple[float, float]:
    """Return blocking, and how evenly neighboring columns and rows change: unevenly if pixels were doubled."""
    found = [_steps_across(luma), _steps_across(luma.transpose(Image.Transpose.TRANSPOSE))]
    return (found[0][0] + found[1][0]) / 2, (found[0][1] + found[1][1]) / 2


def _steps_across(luma: Image.Image) -> tuple[float, float]:
    width, height = luma.size
    if width < 17:
        return 1.0, 1.0
    changes = ImageChops.difference(luma.crop((1, 0, width, height)), luma.crop((0, 0, width - 1, height)))
    raw = changes.convert("F").resize((width - 1, 1), Image.Resampling.BOX).tobytes()
    columns = memoryview(raw).cast("f").tolist()
    at_edges = columns[7::8]
    elsewhere = [value for index, value in enumerate(columns) if index % 8 in (2, 3, 4)]
    blocking = (sum(at_edges) / len(at_edges) + 0.2) / (sum(elsewhere) / len(elsewhere) + 0.2)
    inside = [value + 0.2 for index, value in enumerate(columns) if index % 8 != 7]
    pairs = list(pairwise(inside))
    return blocking, sum(min(pair) for pair in pairs) / sum(max(pair) for pair in pairs)


def _is_color(picture: Image.Image) -> bool:
    if picture.mode == "L":
        return False
    _, *chroma = picture.resize((64, 64), Image.Resampling.BOX).convert("YCbCr").split()
    stats = [ImageStat.Stat(band) for band in chroma]
    return any(one.stddev[0] + abs(one.mean[0] - 128) >= _COLORED for one in stats)
