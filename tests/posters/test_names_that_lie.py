"""Files named .jpg with other content: a poster is a JPEG, PNG or WebP by its bytes, and no other decoder runs."""

import io

import pytest
from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.pictures.gate import DEFAULT_LIMITS, FORMATS, open_upright
from lap_assets.posters.store import check_picture


def _saved(kind: str, **options: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, kind, **options)
    return out.getvalue()


_PROGRAM = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/etc/passwd) (r) file\nshowpage\n"
NO_POSTERS = {
    "EPS": _saved("EPS"), "a program in EPS": _PROGRAM,
    "EPS with a head of DOS": b"\xc5\xd0\xd3\xc6" + bytes(28) + _PROGRAM,
    "TIFF": _saved("TIFF"), "TIFF with a JPEG in it": _saved("TIFF", compression="jpeg"), "BMP": _saved("BMP"),
    "GIF": _saved("GIF"), "ICO": _saved("ICO"), "PDF": b"%PDF-1.4\n" + bytes(99),
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(99),
    "PSD": b"8BPS\0\1" + bytes(99), "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"/>', "HTML": b"<html></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", NO_POSTERS)
def test_the_store_takes_none_of_them(name: str) -> None:
    with pytest.raises(PictureError, match=r"^not a picture \(JPEG, PNG or WEBP\): begins with"):
        check_picture(NO_POSTERS[name], DEFAULT_LIMITS)


@pytest.mark.parametrize("name", NO_POSTERS)
def test_all_readers_of_pictures_refuse_formats_run_by_other_programs(name: str) -> None:
    if name.split(maxsplit=1)[0] in FORMATS:
        assert open_upright(NO_POSTERS[name]).size == (256, 256)
    else:
        with pytest.raises(PictureError, match="not a picture"):
            open_upright(NO_POSTERS[name])
