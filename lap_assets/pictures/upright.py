"""Pictures as a viewer shows them: turned as EXIF says, gray or RGB, what is transparent lying on white."""

from PIL import Image, ImageOps


def upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says, in mode L or RGB."""
    return flat(ImageOps.exif_transpose(picture))


def flat(picture: Image.Image) -> Image.Image:
    """Gray or RGB; what is transparent lies on white, as a browser shows it."""
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode in ("I;16", "I"):  # 16 bits: Pillow's own conversion cuts off all that is above 255
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    return picture.convert("RGB")
