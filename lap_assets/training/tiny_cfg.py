"""The layout of lap-tiny's detectors as Darknet cfg text: for both targets in one network, and for each alone.

Anchors are medians of clusters of the training posters' boxes (k-means by IoU, as in YOLOv2), in px of the square.
"""

from typing import Final

from lap_assets.models.types import Target

SIDE: Final = 256
_Anchors = tuple[tuple[int, int], ...]
_FINE: Final[dict[Target, _Anchors]] = {
    "faces": ((20, 17), (27, 22), (34, 28)),
    "heads": ((25, 26), (32, 34), (41, 42)),
}
_COARSE: Final[dict[Target, _Anchors]] = {
    "faces": ((44, 36), (60, 49), (88, 74)),
    "heads": ((53, 54), (71, 72), (106, 111)),
}
_TARGETS: Final[tuple[Target, ...]] = ("faces", "heads")
FIELDS: Final = 6  # x y w h, objectness, one class


def joint_cfg() -> str:
    """Return the layout for both targets; in each [yolo] the face anchors come first."""
    return _cfg(_TARGETS)


def single_cfg(target: Target) -> str:
    """Return the layout for one target: the same trunk, half the filters before each [yolo]."""
    return _cfg((target,))


def _cfg(targets: tuple[Target, ...]) -> str:
    coarse = [anchor for target in targets for anchor in _COARSE[target]]
    fine = [anchor for target in targets for anchor in _FINE[target]]
    blocks = [
        f"[net]\nwidth={SIDE}\nheight={SIDE}\nchannels=3",
        _conv(16, 3, 2),
        _conv(32, 3, 2),
        _conv(64, 3, 2),
        *_residual(64),  # stride 8; its end is layer 5
        _conv(128, 3, 2),
        *_residual(128),  # stride 16; its end is layer 9
        _conv(192, 3, 2),
        *_residual(192),  # stride 32; its end is layer 13
        _conv(96, 1, 1),
        "[upsample]\nstride=2",
        "[route]\nlayers=-1,9",
        _conv(128, 1, 1),
        _conv(128, 3, 1),
        _last(len(coarse)),
        _yolo(coarse),
        "[route]\nlayers=-3",
        _conv(64, 1, 1),
        "[upsample]\nstride=2",
        "[route]\nlayers=-1,5",
        _conv(64, 1, 1),
        _conv(64, 3, 1),
        _last(len(fine)),
        _yolo(fine),
    ]
    return "\n\n".join(blocks) + "\n"


def _conv(filters: int, size: int, stride: int) -> str:
    return (
        f"[convolutional]\nbatch_normalize=1\nfilters={filters}\nsize={size}\nstride={stride}\npad=1\nactivation=leaky"
    )


def _residual(width: int) -> list[str]:
    return [_conv(width // 2, 1, 1), _conv(width, 3, 1), "[shortcut]\nfrom=-3\nactivation=linear"]


def _last(anchors: int) -> str:
    return f"[convolutional]\nfilters={anchors * FIELDS}\nsize=1\nstride=1\npad=1\nactivation=linear"


def _yolo(anchors: list[tuple[int, int]]) -> str:
    mask = ",".join(map(str, range(len(anchors))))
    sizes = ", ".join(f"{wide},{high}" for wide, high in anchors)
    return f"[yolo]\nmask={mask}\nanchors={sizes}\nclasses=1\nnum={len(anchors)}"
