"""Compare LAP's models with the published programs, on random weights of full size: `make parity`.

    python -m tests.parity FOLDER REFERENCE_PYTHON [--quick] [MODEL…]

The order of the comparisons belongs here. The published programs run in an environment of their own.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from lap_assets.models.batching import read_picture
from lap_assets.models.detectors.faster_rcnn import FasterRcnn
from lap_assets.models.detectors.yolo import GrapeotYolo, HystsYolo
from lap_assets.models.embedders import animesion
from lap_assets.models.onnx import deepghs, yolo
from lap_assets.models.types import Detector
from lap_assets.models.upscalers.real_esrgan import RealEsrgan
from tests.parity import animesion_reference
from tests.parity.comparing import HEAD, ParityRow, Result, arrays, boxes
from tests.parity.pictures import write_pictures
from tests.parity.reference import CROP

Pairs = Iterable[tuple[str, Result, Result]]


def main(folder: Path, python: Path, *options: str) -> int:
    """Print the table; return 1 if a model differs by more than the limit."""
    quick, chosen = "--quick" in options, [option for option in options if not option.startswith("-")]
    shutil.rmtree(folder, ignore_errors=True)
    pictures = write_pictures(folder / "pictures", quick)
    unknown = [model for model in chosen if model not in _MODELS]
    if unknown:
        print(f"{unknown[0]} is not one of {', '.join(_MODELS)}")
        return 2
    rows = []
    for model in chosen or _MODELS:
        start = perf_counter()
        rows.append(_MODELS[model](folder, python, pictures))
        print(f"  {perf_counter() - start:.0f} s: {rows[-1].markdown()}", flush=True)
    print(HEAD, *(row.markdown() for row in rows), sep="\n")
    for row in rows:
        for missed in row.missed:
            print(f"{row.model} differs on {missed}")
    return int(any(row.missed for row in rows))


def _reference(model: str, folder: Path, python: Path) -> dict[str, Result]:
    """Return the results of the published program, which also writes the weights."""
    command = [python, "-W", "ignore", "-m", "tests.parity.reference", folder, model]
    subprocess.run([str(part) for part in command], check=True)
    with np.load(folder / "reference" / f"{model.replace(':', '-')}.npz") as found:
        return dict(found)


def _detector(
    model: str, file: str, load: Callable[[Path, str], Detector], *, whole: bool = False
) -> Callable[[Path, Path, list[Path]], ParityRow]:
    def compare(folder: Path, python: Path, pictures: list[Path]) -> ParityRow:
        theirs = _reference(model, folder, python)
        detector = load(folder / "weights" / file, "cpu")
        found: Pairs = ((path.name, theirs[path.name], _raw(detector, path)) for path in pictures)
        return boxes(model, found, whole=whole)

    return compare


def _raw(detector: Detector, path: Path) -> Result:
    """Return the network's results before rounding for storage."""
    found: Result = detector.run([detector.prepare(read_picture(path))])[0]
    return found


def _animesion(folder: Path, _: Path, pictures: list[Path]) -> ParityRow:
    """Compare with independently written layers, in this process instead of the reference environment."""
    path = folder / animesion_reference.FILE
    theirs = animesion_reference.with_random_weights(animesion_reference.Animesion(), seed=4)
    animesion_reference.write_checkpoint(path, theirs)
    ours = animesion.load(path, "cpu")

    def both(picture: Path) -> tuple[str, Result, Result]:
        upright = folder / "upright.png"
        read_picture(picture).save(upright)
        return picture.name, theirs.vector(upright), ours.embed([picture])[0]

    return arrays(animesion.NAME, "in a number", 1e-5, map(both, pictures))


def _real_esrgan(folder: Path, python: Path, pictures: list[Path]) -> ParityRow:
    theirs = _reference(RealEsrgan.name, folder, python)
    upscaler = RealEsrgan.load(folder / "weights" / "RealESRGAN_x4plus_anime_6B.pth", "cpu")

    def both(path: Path) -> tuple[str, Result, Result]:
        picture = read_picture(path)
        part = picture.crop((0, 0, min(CROP, picture.width), min(CROP, picture.height)))
        return path.name, theirs[path.name], upscaler.enlarged4(part)

    return arrays(RealEsrgan.name, "levels", 0, map(both, pictures))


_YOLO: Final = partial(yolo.load, target="faces")
_EXPORTS: Final = ("yolo11n", "yolov8n-open", "yolo26n")
_MODELS: Final[dict[str, Callable[[Path, Path, list[Path]], ParityRow]]] = {
    "hysts-faster-rcnn": _detector("hysts-faster-rcnn", "mmdet_anime-face_faster-rcnn.pth", FasterRcnn.load),
    "hysts-yolov3": _detector("hysts-yolov3", "mmdet_anime-face_yolov3.pth", HystsYolo.load),
    "grapeot-yolov3": _detector("grapeot-yolov3", "head.weights", GrapeotYolo.load, whole=True),
    animesion.NAME: _animesion,
    RealEsrgan.name: _real_esrgan,
    **{f"onnx:{name}": _detector(f"onnx:{name}", f"{name}.onnx", _YOLO) for name in _EXPORTS},
    "deepghs-face-v1.4-n": _detector("deepghs-face-v1.4-n", "deepghs-face-v1.4-n.onnx", deepghs.load_faces),
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
