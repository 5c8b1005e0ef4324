"""The gate: the only module that opens pictures, with one set of limits and one error.

`check_whole` reads a file to its end at the lowest cost, for the store. `open_upright` decodes it at full size,
`open_reduced` at a fraction, `inspect` not at all. All decoding functions accept the same files: they check the
header's size, the file's size, a JPEG's scans, an animation's frames and a PNG's checksums before or while decoding.
Processing pictures does not belong here. Only Pillow and `core` are imported, because the review tools use this module.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

from PIL import Image, ImageFile, UnidentifiedImageError

from lap_assets.core.errors import PictureError
from lap_assets.core.picture_limits import DEFAULT_LIMITS, SETTINGS, Limits
from lap_assets.pictures.colors import is_converted
from lap_assets.pictures.headers import (
    SIDEWAYS,
    PictureHeader,
    count_scans,
    orientation_before_decoding,
    orientation_of,
)
from lap_assets.pictures.reading import Source, open_stream, path_of, read_bytes, refuse_above
from lap_assets.pictures.upright import flat, turned, upright

__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "Box",
    "Limits",
    "PictureHeader",
    "Reduced",
    "check_whole",
    "flat",
    "inspect",
    "open_reduced",
    "open_upright",
    "read_bytes",
    "upright",
]  # fmt: skip

# Pillow has one limit per process, which warns or raises. Here each call has its own limit, which is checked against
# the header before decoding.
Image.MAX_IMAGE_PIXELS = None

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
"""The accepted formats, by content whatever the file's name. Only the first frame of an animation is used."""

Box = tuple[float, float, float, float]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reduced:
    """A picture decoded at a fraction of its size.

    `picture`: upright, in L or RGB. `box`: the part of it (left, top, right, bottom in px, also fractional) that shows
    the picture; None for all of it.
    """

    header: PictureHeader
    picture: Image.Image
    box: Box | None


def inspect(source: Source, limits: Limits = DEFAULT_LIMITS) -> PictureHeader:
    """Return the header of a picture, without decoding or checking its pixels.

    Raises:
        PictureError: missing, not a picture, or with more pixels or bytes than `limits`.
    """
    path = path_of(source)
    with open_stream(source, limits, path) as stream:
        picture = _open(stream, limits, FORMATS, path)
        return _header(picture, picture.size, picture.mode, orientation_before_decoding(picture, stream))


def check_whole(
    source: Source, limits: Limits = DEFAULT_LIMITS, *, formats: tuple[str, ...] = FORMATS, path: Path | None = None
) -> PictureHeader:
    """Read a picture to its end, at an eighth of its size if the format allows it, and return its header.

    `path`: the name in errors of a picture given as bytes.

    Raises:
        PictureError: missing, not one of `formats`, truncated, damaged, or over `limits`.
    """
    return _decode(source, limits, formats, _draft_an_eighth, path or path_of(source))[0]


def open_upright(source: Source, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """Return the whole picture, rotated by EXIF, in mode L or RGB; transparent pixels are composited on white.

    Raises:
        PictureError: missing, not a picture, truncated, damaged, or over `limits`.
    """
    path = path_of(source)
    header, picture, _ = _decode(source, limits, FORMATS, None, path)
    return _decoder(path, lambda: turned(flat(picture), header.orientation))


def open_reduced(
    source: Source, side: int, limits: Limits = DEFAULT_LIMITS, *, mode: str = "RGB", path: Path | None = None
) -> Reduced:
    """Return the upright picture, a JPEG decoded at the smallest fraction (1, 1/2, 1/4, 1/8) with both sides >= `side`.

    `mode`: "L" decodes only a JPEG's luma; other pictures are L or RGB, as returned by `flat`. `path`: the name in
    errors of a picture given as bytes.

    Raises:
        PictureError: as in `open_upright`.
    """

    def draft(picture: ImageFile.ImageFile) -> Box | None:
        drafted = picture.draft(picture.mode if is_converted(picture) else mode, (side, side))
        return None if drafted is None else drafted[1]

    path = path or path_of(source)
    header, picture, box = _decode(source, limits, FORMATS, draft, path)
    seen = _decoder(path, lambda: flat(picture))
    if box is not None and header.orientation != 1:  # the rotation would move the padding into the picture
        seen, box = seen.resize(seen.size, Image.Resampling.LANCZOS, box=box), None
    return Reduced(header, turned(seen, header.orientation), box)


def _decode(
    source: Source,
    limits: Limits,
    formats: tuple[str, ...],
    draft: Callable[[ImageFile.ImageFile], Box | None] | None,
    path: Path | None,
) -> tuple[PictureHeader, ImageFile.ImageFile, Box | None]:
    """Return the header, the completely decoded picture as stored, and the result of `draft`."""
    data = read_bytes(source, limits, path)
    picture = _open(io.BytesIO(data), limits, formats, path)
    if picture.mode == "F":
        raise PictureError("its samples are floating-point numbers", path)
    if picture.format in ("JPEG", "MPO"):
        refuse_above(limits.scans, count_scans(data, limits.scans), "scans", path)
    refuse_above(limits.frames, _decoder(path, lambda: int(getattr(picture, "n_frames", 1))), "frames", path)
    size, mode = picture.size, picture.mode  # a draft changes them
    box = None if draft is None else _decoder(path, lambda: draft(picture))
    _decoder(path, picture.load)
    if picture.mode in ("P", "PA") and picture.palette is None:  # it decodes, but its colors are unknown
        raise PictureError("has no palette for its colors", path)
    if picture.format == "PNG":  # Pillow decodes a PNG without checking its checksums or its end
        _decoder(path, lambda: Image.open(io.BytesIO(data), formats=("PNG",)).verify())
    return _header(picture, size, mode, orientation_of(picture)), picture, box


def _header(picture: ImageFile.ImageFile, size: tuple[int, int], mode: str, orientation: int) -> PictureHeader:
    width, height = size[::-1] if orientation in SIDEWAYS else size
    tables = getattr(picture, "quantization", None)
    return PictureHeader(str(picture.format), mode, width, height, orientation, tables or {})


def _open(stream: IO[bytes], limits: Limits, formats: tuple[str, ...], path: Path | None) -> ImageFile.ImageFile:
    beginning = stream.read(16)
    stream.seek(0)
    try:
        picture = _decoder(path, lambda: Image.open(stream, formats=formats))
    except PictureError as error:
        if isinstance(error.__cause__, UnidentifiedImageError):
            listed = f"{', '.join(formats[:-1])} or {formats[-1]}"
            raise PictureError(f"not a picture ({listed}): begins with {beginning!r}", path) from error
        raise
    if picture.width * picture.height > limits.pixels:
        raise PictureError(
            f"claims {picture.width}x{picture.height} pixels, more than the {limits.pixels:,} that "
            f"{SETTINGS['pixels']} allows",
            path,
        )
    return picture


def _draft_an_eighth(picture: ImageFile.ImageFile) -> None:
    # A JPEG's stream is read to its end at any scale, and an eighth takes the least work.
    picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))


def _decoder(path: Path | None, step: Callable[[], _T]) -> _T:
    """Run one step of Pillow; any exception is the file's fault."""
    try:
        return step()
    except Exception as error:  # hostile bytes make decoders raise nearly anything
        one_line = " ".join(str(error).split())[:200] or type(error).__name__
        raise PictureError(f"does not decode whole: {one_line}", path) from error
