"""Record results of ultralytics, yolov5 and dghs-imgutils for small pictures and outputs; part of `make parity-record`.

Runs only in the reference environment; the tests only use the sizes.
"""

from importlib import import_module
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
BOXED: Final = ((30, 20), (21, 50), (64, 96), (96, 64), (3, 2), (90, 1), (33, 31))
"""Width and height of pictures that are letterboxed to 64 × 96 px (height, width)."""
ON: Final = (64, 96)
STRIDE: Final = 32
SQUASHED: Final = (50, 30)
SIDE: Final = 64
LEAST: Final = 0.05


def yolos(chance: np.random.Generator) -> Arrays:
    """Return all records of YOLOs.

    `before_<n>`, letterboxed as `fixed_<n>` and `least_<n>`; `corners`, taken back as `<kind>_back_<n>`; the output
    `<head>` and the boxes in it, `<head>_found` of all classes and `<head>_first` of the first; `deepghs_…`.
    """
    return {**_boxed(chance), **_suppressed(chance), **_deepghs(chance)}


def _boxed(chance: np.random.Generator) -> Arrays:
    letterbox: Any = import_module("ultralytics.data.augment").LetterBox
    ops: Any = import_module("ultralytics.utils.ops")
    corners = chance.uniform(-10, 100, (40, 4)).astype(np.float32)
    arrays: Arrays = {"corners": corners}
    for number, (width, height) in enumerate(BOXED):
        before = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        fixed, least = (letterbox(ON, auto=auto, stride=STRIDE)(image=before) for auto in (False, True))
        back = [ops.scale_boxes(resized.shape[:2], torch.from_numpy(corners.copy()), before.shape).numpy()
                for resized in (fixed, least)]  # fmt: skip
        arrays |= {f"before_{number}": before, f"fixed_{number}": fixed, f"least_{number}": least}
        arrays |= {f"fixed_back_{number}": back[0], f"least_back_{number}": back[1]}
    return arrays


def _suppressed(chance: np.random.Generator) -> Arrays:
    ultralytics: Any = import_module("ultralytics.utils.nms")
    ultralytics.sys = type("", (), {"modules": {}})  # without torchvision it uses its own suppression
    yolov5: Any = import_module("yolov5.utils.general")
    yolov5.torchvision.ops.nms = ultralytics.TorchNMS.nms
    rows = _rows(chance, 700)
    objectness = chance.uniform(0, 1, (700, 1)).astype(np.float32)
    outputs = {
        "anchor-free": rows.T[None], "anchored": np.concatenate((rows[:, :4], objectness, rows[:, 4:]), axis=1)[None],
        "end-to-end": np.concatenate((rows[:320, :5], chance.integers(0, 3, (320, 1))), axis=1)[None],
    }  # fmt: skip
    arrays: Arrays = {head: np.ascontiguousarray(output, np.float32) for head, output in outputs.items()}
    for head in outputs:
        for name, classes in (("found", None), ("first", [0])):
            by = yolov5 if head == "anchored" else ultralytics
            overlap = 0.45 if head == "anchored" else 0.7
            given = torch.from_numpy(arrays[head].copy())
            (found,) = by.non_max_suppression(given, LEAST, overlap, classes=classes, max_det=300)
            arrays[f"{head}_{name}"] = found[:, :5].numpy()
    return arrays


def _deepghs(chance: np.random.Generator) -> Arrays:
    image: Any = import_module("PIL.Image")
    yolo: Any = import_module("imgutils.generic.yolo")
    encode: Any = import_module("imgutils.data").rgb_encode
    width, height = SQUASHED
    before = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
    squashed, old, new = yolo._image_preprocess(image.fromarray(before), (SIDE, SIDE))
    output = np.ascontiguousarray(_rows(chance, 300)[:, :5].T)
    found = yolo._yolo_postprocess(output, 0.25, 0.7, old, new, ["face"])
    return {
        "deepghs_before": before, "deepghs_given": encode(squashed), "deepghs": output,
        "deepghs_found": np.array([[*corners, score] for corners, _, score in found]),
    }  # fmt: skip


def _rows(chance: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Return centers and sizes of boxes in clusters, and the scores of three classes."""
    middles = chance.uniform((5, 5, 10, 10), (60, 60, 65, 65), (40, 4))
    boxes = middles[chance.integers(0, 40, count)] + chance.normal(0, 2, (count, 4))
    boxes[:, 2:] = np.abs(boxes[:, 2:])
    return np.concatenate((boxes, chance.beta(0.5, 1.5, (count, 3))), axis=1).astype(np.float32)
