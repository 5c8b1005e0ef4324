"""Current YOLOs, built, exported and run by ultralytics, and run by dghs-imgutils; random weights.

Runs only in the reference environment. Networks whose scores cover the whole range, and calls of the
published programs, belong here. Boxes without area are left out: they are outside the picture.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import chdir
from importlib import import_module
from os import environ
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Run = Callable[[Pixels], NDArray[Any]]
SIDE: Final = 320
LEAST: Final = 0.05
_NAMES: Final = ("face", "head")


def exported(layout: str, classes: int, path: Path, pictures: Iterable[Pixels], **options: Any) -> None:
    """Write the network of an ultralytics layout ("yolo11n") as an ONNX file, with random weights.

    The weights are scaled by their outputs for the pictures.
    """
    environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_CONFIG_DIR=str(path.parent))
    ultralytics: Any = import_module("ultralytics")
    tasks: Any = import_module("ultralytics.nn.tasks")
    torch.manual_seed(11)
    model = ultralytics.YOLO(f"{layout}.yaml", task="detect")
    network = tasks.DetectionModel(f"{layout}.yaml", nc=classes, verbose=False)
    network.names, network.args, network.task = dict(enumerate(_NAMES[:classes])), model.model.args, model.task
    cv2: Any = import_module("cv2")
    shown = np.stack([cv2.resize(picture, (SIDE, SIDE)) for picture in pictures]).transpose(0, 3, 1, 2)
    _spread(network, torch.from_numpy(shown.copy()).float() / 255)
    model.model = network
    with chdir(path.parent):  # the export goes into the working directory
        written = model.export(format="onnx", imgsz=SIDE, simplify=False, opset=17, **options)
    Path(path.parent / written).rename(path)


def ultralytics_run(path: Path) -> Run:
    """Return the boxes of class 0 from `predict` with ultralytics' own suppression; torchvision is not compiled."""
    ultralytics: Any = import_module("ultralytics")
    torchvision: Any = import_module("torchvision")
    torchvision.ops.nms = import_module("ultralytics.utils.nms").TorchNMS.nms
    model = ultralytics.YOLO(str(path), task="detect")

    def run(picture: Pixels) -> NDArray[Any]:
        options = {"conf": LEAST, "imgsz": SIDE, "classes": [0], "device": "cpu", "verbose": False, "save": False}
        (result,) = model.predict(np.ascontiguousarray(picture), **options)
        found: NDArray[Any] = result.boxes.data[:, :5].numpy()
        return _with_area(found)

    return run


def imgutils_run(path: Path) -> Run:
    """Return the results of `detect_faces`, with this file instead of a download."""
    image: Any = import_module("PIL.Image")
    yolo: Any = import_module("imgutils.generic.yolo")
    detect: Any = import_module("imgutils.detect")
    kind = path.with_suffix(".type.json")
    kind.write_text(json.dumps({"model_type": "yolo"}), encoding="utf-8")

    def downloaded(*, filename: str, **_: Any) -> str:
        return str(path if filename.endswith(".onnx") else kind)

    def offline(**_: Any) -> None:
        raise yolo.OfflineModeIsEnabled

    yolo.hf_hub_download, yolo.get_hf_fs = downloaded, offline

    def run(picture: Pixels) -> NDArray[Any]:
        found = detect.detect_faces(image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])), level="n")
        return _with_area(np.array([[*corners, score] for corners, _, score in found], np.float64).reshape(-1, 5))

    return run


def _spread(network: Any, pictures: torch.Tensor) -> None:
    """Fit the norms on pictures, and scale the heads' outputs for classes and sides to a useful range."""
    norms = [part for part in network.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    usual = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        network.train()(pictures)
        for norm, momentum in zip(norms, usual, strict=True):
            norm.momentum = momentum
        network.eval()
        head = network.model[-1]
        branches = [(getattr(head, name), deviation, mean) for name, deviation, mean in (
            ("cv2", 1.0, 0.5), ("cv3", 0.5, -2.0), ("one2one_cv2", 1.0, 0.5), ("one2one_cv3", 0.5, -2.0),
        ) if hasattr(head, name)]  # fmt: skip
        for branch, deviation, mean in branches:
            for level in branch:
                _scale(level[-1], network, pictures, deviation, mean)


def _scale(last: Any, network: Any, pictures: torch.Tensor, deviation: float, mean: float) -> None:
    """Scale a convolution so that its output on pictures has this deviation and mean."""
    seen: list[torch.Tensor] = []
    hook = last.register_forward_hook(lambda _part, _given, output: seen.append(output))
    network(pictures)
    hook.remove()
    if not seen:
        return
    last.weight *= deviation / seen[0].std()
    last.bias.copy_(mean - (seen[0].mean() - last.bias.mean()) * deviation / seen[0].std())


def _with_area(boxes: NDArray[Any]) -> NDArray[Any]:
    return boxes[(boxes[:, :2] < boxes[:, 2:4]).all(axis=1)]
