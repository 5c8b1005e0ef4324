"""The targets: each reader of external data, its seeds, and the conditions on accepted inputs.

A target returns for an accepted input and raises `RefusedInput` for a properly refused one; anything else is
a finding.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import (
    CfgError,
    LabelFileError,
    PictureError,
    VerdictLineError,
    WeightsError,
)
from lap_assets.core.labels.lap_format import parse
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.line_json import from_json, to_json
from lap_assets.core.verdicts.lines import PairVerdict, TakeBack
from lap_assets.core.verdicts.log import VerdictSet
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import parquet, read_labels
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.state_dicts import load_checkpoint
from lap_assets.pictures.gate import Limits
from lap_assets.posters.store import check_picture
from lap_assets.replica import mal_pages, wa_pages
from lap_assets.sites import mal, wa
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.robots import Robots
from tests.fuzz import label_files, records, texts
from tests.fuzz.target import RefusedInput, Target, scratch_folder
from tests.sites.stand import animation, anime


def _listing(data: bytes) -> None:
    page = mal.parse_listing(data, mal.listing_url(0))
    assert (page.outcome is Outcome.OK) == bool(page.anime)
    assert all(0 < row.mal_id < 10**9 and "/" not in row.slug for row in page.anime)
    for row in page.anime:
        assert mal.pictures_url(row.mal_id, row.slug).startswith(f"https://myanimelist.net/anime/{row.mal_id}/")


def _pictures(data: bytes) -> None:
    page = mal.parse_pictures(data, mal.pictures_url(1, "x"))
    assert (page.outcome is Outcome.OK) == bool(page.pictures)
    for n1, n2 in page.pictures:
        assert PosterName.parse(str(PosterName.mal(1, n1, n2))).first == n1


def _animation(data: bytes) -> None:
    page = wa.parse_animation(data, wa.animation_url(1))
    assert page.outcome is Outcome.OK or not (page.title or page.genre)
    assert page.mal_id is None or 0 < page.mal_id < 10**9


def _posters(data: bytes) -> None:
    page = wa.parse_posters(data, wa.posters_url(1))
    assert (page.outcome is Outcome.OK) == bool(page.numbers)
    for number in page.numbers:
        assert str(PosterName.wa(1, 1, number)).endswith(f"_{number:03d}.jpg")


def _robots(data: bytes) -> None:
    Robots(data.decode("utf-8", "replace")).allows(mal.listing_url(0))


def _verdict(data: bytes) -> None:
    try:
        line = from_json(data.decode())
    except (VerdictLineError, UnicodeDecodeError):
        raise RefusedInput from None
    assert from_json(to_json(line)) == line
    line.moment + timedelta(days=1)  # the next line's time
    to_json(line).encode()
    if not isinstance(line, TakeBack):
        assert verdicts_table(VerdictSet((line,), (line,), ())).height == 1
    if isinstance(line, PairVerdict):
        assert line.verdict != "duplicate" or line.removed in line.names


def _name(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        name = PosterName.parse(text)
    except ValueError:
        raise RefusedInput from None
    assert str(PosterName.parse(str(name))) == str(name)
    assert Path(text).name == text
    assert name.subfolder in "0123456789"


def _labels(data: bytes) -> None:
    try:
        labels = parse(data, Path("labels.txt"))
    except LabelFileError:
        raise RefusedInput from None
    assert not [name for name in labels if name.startswith("/") or ".." in name.replace("\\", "/").split("/")]


def _cfg(data: bytes) -> None:
    try:
        blocks = parse_cfg(data.decode("utf-8", "replace"))
    except CfgError:
        raise RefusedInput from None
    assert blocks[0].section == "net"


def _layout(data: bytes) -> None:
    """Build the network that a detector file from elsewhere describes."""
    from lap_assets.models.darknet.module import Darknet

    try:
        network = Darknet(parse_cfg(data.decode("utf-8", "replace")))
    except CfgError:
        raise RefusedInput from None
    assert sum(value.numel() for value in network.parameters()) < 600_000_000


def _table(data: bytes) -> None:
    path = Path(scratch_folder()) / "labels.parquet"
    path.write_bytes(data)
    try:
        found = read_labels(path)
    except LabelFileError:
        raise RefusedInput from None
    assert all(box.width >= 0 and box.height >= 0 for image in found.images for box in image.boxes)


def _seed_tables() -> list[bytes]:
    labels = Annotations(
        (LabeledImage("0/a.jpg", 60, 80, (Box(1, 2, 30, 40, 3), Box(1, 2, 9, 9, score=0.5))),), {3: "x"}
    )
    return [parquet.content(labels), parquet.content(Annotations(()))]


def _picture(data: bytes) -> None:
    try:
        stored = check_picture(data, Limits(pixels=10_000))
    except PictureError:
        raise RefusedInput from None
    assert 0 < stored.width * stored.height <= 10_000


def _weights(suffix: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path = Path(scratch_folder()) / f"file{suffix}"
        path.write_bytes(data)
        try:
            load_checkpoint(path)
        except WeightsError:
            raise RefusedInput from None

    return read


def _seed_jpeg() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).save(out, "JPEG", quality=60)
    return out.getvalue()


def _seed_weights(suffix: str) -> bytes:
    import io

    import torch
    from safetensors.torch import save

    tensors = {"a.weight": torch.arange(6.0).reshape(2, 3), "b": torch.zeros(1)}
    if suffix == ".safetensors":
        return save(tensors)
    out = io.BytesIO()
    torch.save({"state_dict": tensors}, out)
    return out.getvalue()


def _seed_verdicts() -> list[bytes]:
    first, second = "MAL00005_1018_120197.jpg", "MAL00020_WA00262_164.jpg"
    pair = PairVerdict(
        reviewer="ann", first=first, first_sha256="a" * 64, second=second, second_sha256="b" * 64,
        measure="ahash", distance=3.0, verdict="duplicate", removed=second,
    )  # fmt: skip
    return [to_json(pair).encode(), b'{"kind": "take_back", "id": "1", "time": "2026-01-01T00:00:00+00:00"}']


_ANIME, _ANIMATION = anime(1, 101, 102), animation(1, 1, 1, 2)
_ROWS: Final = [anime(number, number) for number in range(1, 5)]
CHEAP: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "name": Target(_name, lambda: [b"MAL00005_1018_120197.jpg", b"MAL00020_WA00262_164.jpg"]),
        "verdict": Target(_verdict, _seed_verdicts),
        "cfg": Target(_cfg, lambda: [b"[net]\nwidth=416\n[convolutional]\nfilters=8\nsize=3\n[yolo]\nmask = 0,1\n"]),
        "labels": Target(_labels, lambda: [b"0\\MAL00005_1018_120197.jpg: 1 2 30 40 5, 3 4 50 60\n0\\a.jpg: -\n"]),
        "robots": Target(_robots, lambda: [b"User-agent: *\nDisallow: /search/\nCrawl-delay: 3\nAllow: /*.php$\n"]),
    }
)
DEAR: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "listing": Target(
            _listing, lambda: [mal_pages.listing(_ROWS, show=0, total=4, rx_only=False, decoys=()).encode()]
        ),
        "pictures": Target(
            _pictures, lambda: [mal_pages.pictures(_ANIME, ()).encode(), mal_pages.not_found().encode()]
        ),
        "animation": Target(_animation, lambda: [wa_pages.animation(_ANIMATION, "x").encode("cp1251", "replace")]),
        "posters": Target(_posters, lambda: [wa_pages.posters(_ANIMATION, 1).encode("cp1251", "replace")]),
        "table": Target(_table, _seed_tables),
        "layout": Target(
            _layout,
            lambda: [
                b"[net]\nwidth=64\nheight=64\n[convolutional]\nfilters=8\nsize=3\nstride=2\npad=1\nactivation=leaky\n"
                b"[route]\nlayers=-1\n[upsample]\nstride=2\n[convolutional]\nfilters=18\nactivation=linear\n[yolo]\n"
                b"mask=0,1,2\nanchors=1,2,3,4,5,6\nclasses=1\n"
            ],
        ),
        "picture": Target(_picture, lambda: [_seed_jpeg()]),
        "safetensors": Target(_weights(".safetensors"), lambda: [_seed_weights(".safetensors")]),
        "checkpoint": Target(_weights(".pth"), lambda: [_seed_weights(".pth")]),
    }
)
QUICK: Final = MappingProxyType({**CHEAP, **texts.CHEAP, **label_files.CHEAP, **records.CHEAP})
TARGETS: Final = MappingProxyType({**QUICK, **DEAR, **texts.DEAR})
