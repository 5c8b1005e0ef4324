"""Pictures as in a viewer: rotated by EXIF, gray or RGB, transparent pixels composited on white."""

from typing import Final

from PIL import Image

from lap_assets.pictures.colors import in_srgb, is_converted
from lap_assets.pictures.headers import orientation_of

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(picture: Image.Image) -> Image.Image:
    """Return an opened picture rotated by its EXIF orientation, in mode L or RGB."""
    picture.load()
    return turned(flat(picture), orientation_of(picture))


def turned(picture: Image.Image, orientation: int) -> Image.Image:
    """Return the picture rotated by an EXIF orientation (1 to 8)."""
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def flat(picture: Image.Image) -> Image.Image:
    """Return the picture in gray or RGB; transparent pixels on white, as in a browser; 16-bit samples by high byte.

    Colors are converted to sRGB by the picture's profile, if it has one (`colors`).
    """
    if picture.mode.startswith("I"):
        wide = picture.mode != "I" or picture.getextrema()[1] > 255  # type: ignore[operator]  # one band: two numbers
        samples = picture.convert("I")  # Pillow's own conversion to L clips everything above 255
        gray = (samples.point(lambda value: value * (1 / 256)) if wide else samples).convert("L")
        return in_srgb(_with_profile(gray, picture))
    if picture.has_transparency_data:
        seen = in_srgb(_with_profile(picture.convert("RGBA"), picture))
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    if picture.mode in ("L", "RGB"):
        return in_srgb(picture)
    if picture.mode == "CMYK" and is_converted(picture):
        return in_srgb(picture)
    return in_srgb(_with_profile(picture.convert("RGB"), picture))


def _with_profile(converted: Image.Image, picture: Image.Image) -> Image.Image:
    """Return the converted picture with the profile of the original."""
    if "icc_profile" in picture.info:
        converted.info["icc_profile"] = picture.info["icc_profile"]
    return converted
