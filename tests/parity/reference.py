"""The reference side: random weights, and the published programs' results for a folder of pictures.

    python -m tests.parity.reference FOLDER MODEL…

reads FOLDER/pictures, writes FOLDER/weights and FOLDER/reference/<model>.npz (results by picture name). Runs only in
the reference environment, and uses nothing of the project.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.parity.stand_ins import stand_in

Result = NDArray[Any]
Run = Callable[[NDArray[np.uint8]], Result]
_SHOWN = 6  # pictures for scaling YOLO weights
CROP = 56  # px; side of the upscaler's input
SAMPLE = "pattern-640x90.png"  # a small picture with structure, for scaling weights


def main(folder: Path, models: list[str]) -> None:
    """Write the results of each model."""
    stand_in()
    cv2: Any = import_module("cv2")
    cv2.ipp.setUseIPP(False)  # use OpenCV's own code, which every build has, not Intel's
    pictures = {path.name: read(cv2, path) for path in sorted((folder / "pictures").iterdir())}
    (folder / "weights").mkdir(exist_ok=True)
    (folder / "reference").mkdir(exist_ok=True)
    for model in models:
        run = _MODELS[model](folder / "weights", cv2, pictures)
        results = {}
        for name, picture in pictures.items():
            results[name] = run(picture)
            print(f"  {model} {name}: {len(results[name])}", flush=True)
        np.savez(folder / "reference" / f"{model.replace(':', '-')}.npz", allow_pickle=False, **results)


def read(cv2: Any, path: Path) -> NDArray[np.uint8]:
    """Return the upright picture in BGR, with transparency on white."""
    picture: NDArray[np.uint8] = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture.ndim == 3 and picture.shape[2] == 4:
        return np.where(picture[:, :, 3:] > 0, picture[:, :, :3], 255).astype(np.uint8)
    upright: NDArray[np.uint8] = cv2.imread(str(path))
    return upright


def _hysts(which: Any) -> Callable[[Path, Any, dict[str, NDArray[np.uint8]]], Run]:
    def prepare(weights: Path, _: Any, pictures: dict[str, NDArray[np.uint8]]) -> Run:
        from tests.parity import hysts_reference as hysts

        path = weights / hysts.FILES[which]
        hysts.write_weights(which, path, pictures[SAMPLE])
        network = hysts.network(which, path)
        return lambda picture: hysts.detect(network, picture)

    return prepare


def _grapeot(weights: Path, cv2: Any, _: dict[str, NDArray[np.uint8]]) -> Run:
    from tests.parity import grapeot_reference as grapeot

    numbers = grapeot.random_numbers(seed=5)
    grapeot.write_weights(weights / "head.weights", numbers)
    return lambda picture: grapeot.detect(cv2, numbers, picture)


def _realesrgan(weights: Path, _: Any, __: dict[str, NDArray[np.uint8]]) -> Run:
    from tests.parity import realesrgan_reference as realesrgan

    realesrgan.write_weights(weights / realesrgan.FILE)
    upscaler = realesrgan.upscaler(weights / realesrgan.FILE)
    return lambda picture: realesrgan.enlarge(upscaler, picture[:CROP, :CROP])[:, :, ::-1]


def _yolo(
    layout: str, file: str, *, classes: int = 2, is_deepghs: bool = False, **options: Any
) -> Callable[[Path, Any, dict[str, NDArray[np.uint8]]], Run]:
    def prepare(weights: Path, _: Any, pictures: dict[str, NDArray[np.uint8]]) -> Run:
        from tests.parity import yolo_reference as yolos

        yolos.exported(layout, classes, weights / file, [*pictures.values()][:_SHOWN], **options)
        return (yolos.imgutils_run if is_deepghs else yolos.ultralytics_run)(weights / file)

    return prepare


_MODELS = {
    "hysts-faster-rcnn": _hysts("faster-rcnn"),
    "hysts-yolov3": _hysts("yolov3"),
    "grapeot-yolov3": _grapeot,
    "realesrgan-anime-6b": _realesrgan,
    "onnx:yolo11n": _yolo("yolo11n", "yolo11n.onnx"),
    "onnx:yolov8n-open": _yolo("yolov8n", "yolov8n-open.onnx", dynamic=True),
    "onnx:yolo26n": _yolo("yolo26n", "yolo26n.onnx", nms=False),
    "deepghs-face-v1.4-n": _yolo("yolov8n", "deepghs-face-v1.4-n.onnx", classes=1, is_deepghs=True),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
