"""Speed of models: pictures per second from JPEG files, compared with a plain loop and with the bare network."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from PIL import Image

from benchmarks.full_size import NAMES, full_size
from benchmarks.timing import TimingRow, measured, row
from lap_assets.models.batching import BatchModel, read_picture
from lap_assets.models.onnx.yolo import is_onnx_name
from lap_assets.models.types import Upscaler

_SMALL: Final = (225, 320)  # px of a typical picture for the upscaler
# Number of pictures per measurement on a CPU: so few that the slowest model takes a minute.
_CPU: Final = {
    "animesion-vit-l16": 32, "sscd": 24, "hysts-faster-rcnn": 4, "hysts-yolov3": 6, "grapeot-yolov3": 6,
    "realesrgan-anime-6b": 2, "deepghs-face-v1.4-s": 32, "deepghs-head-v2.0-s": 32, "deepghs-face-v1.4-n": 64,
}  # fmt: skip
_MANY: Final = 512
_MATRIX: Final = 8192


def bench_models(
    files: Sequence[Path], weights: Path, device: str, names: Sequence[str] = NAMES
) -> Iterator[TimingRow]:
    """Yield rows for each model: LAP, a plain loop over single pictures, and on a GPU the network alone.

    `times`: how many times as long as LAP the other method took for as many pictures.
    """
    for name in names:
        model, note = full_size(name, weights, device)
        if model is None:
            yield TimingRow(name, "LAP", None, None, None, note)
            continue
        count = _CPU.get(name, 64 if is_onnx_name(name) else _MANY if device != "cpu" else 256)
        chosen = list(islice(cycle(files), count if device == "cpu" else max(count, _MANY)))
        if isinstance(model, Upscaler):
            yield from _upscaler(name, model, chosen[: _CPU[name]], note)
        else:
            yield from _batched(name, model, chosen, device, note)


def matrix_rate(device: str) -> float:
    """Return the operations per second (2 per multiply-add) that the device reaches on large bfloat16 matrices."""
    import torch

    left, right = (torch.randn(_MATRIX, _MATRIX, device=device, dtype=torch.bfloat16) for _ in range(2))

    def multiply() -> None:
        for _ in range(10):
            left @ right
        _wait(device)

    multiply()
    seconds, _ = measured(multiply, repeats=3)
    return 10 * 2 * _MATRIX**3 / seconds


def _batched(name: str, model: BatchModel[Any, Any], files: list[Path], device: str, note: str) -> Iterator[TimingRow]:
    list(model.over(files[: model.batch_size]))  # loads, compiles, fills caches
    ours, _ = measured(lambda: list(model.over(files)), repeats=2)
    way = "one picture per core" if model.is_concurrent else f"batches of {model.batch_size}"
    yield row(name, f"LAP, {device}, {way}", ours, len(files), ours, note=note)
    few = files[: max(4, len(files) // 4)]
    single = _singly(model)
    loop, _ = measured(lambda: [single(file) for file in few])
    yield row(name, "plain loop", loop * len(files) / len(few), len(files), ours)
    if device != "cpu":
        bare = _bare(model, files, device)
        yield row(
            name, "network alone, prepared", bare, len(files), ours, note=f"{bare / ours:.0%} of its rate reached"
        )


def _singly(model: BatchModel[Any, Any]) -> Callable[[Path], Any]:
    return lambda file: model.run([model.prepare(read_picture(file))])


def _bare(model: BatchModel[Any, Any], files: list[Path], device: str) -> float:
    """Return the seconds for as many pictures, decoded and prepared beforehand."""
    prepared = [model.prepare(read_picture(file)) for file in files[: model.batch_size]]

    def run() -> None:
        for _ in range(-(-len(files) // model.batch_size)):
            model.run(prepared)
        _wait(device)

    run()
    seconds, _ = measured(run, repeats=2)
    return seconds


def _work(model: BatchModel[Any, Any], file: Path) -> float:
    """Return the operations (2 per multiply-add) of the network per picture."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        model.run([model.prepare(read_picture(file))])
    return float(counter.get_total_flops())


def _upscaler(name: str, model: Upscaler, files: list[Path], note: str) -> Iterator[TimingRow]:
    pictures = []
    for file in files:
        with Image.open(file) as opened:
            pictures.append(opened.convert("RGB").resize(_SMALL))
    seconds, _ = measured(lambda: [model.upscale(picture) for picture in pictures])
    size = "x".join(map(str, _SMALL))
    yield row(name, f"LAP, pictures of {size} px", seconds, len(pictures), seconds, note=note)


def _wait(device: str) -> None:
    if device != "cpu":
        import torch

        torch.cuda.synchronize()
