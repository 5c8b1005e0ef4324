"""Detector files, which `lap train` writes: one safetensors file with the weights and the network's layout.

The header of the file (`__metadata__`) has one text, `lap`: JSON with the target, the network as Darknet cfg text, and
how it was trained. It is a single text because safetensors writes several in arbitrary order. The file has only numbers
and texts; no code is run from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lap_assets.core.errors import CfgError, InputError, WeightsError
from lap_assets.core.files import write_bytes
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import open_regular
from lap_assets.models.spec_types import ModelSpec, ShippedFiles, Task
from lap_assets.models.tiny.detector import TinyDetector
from lap_assets.models.types import Target

if TYPE_CHECKING:
    from torch import Tensor, nn

    from lap_assets.models.darknet.module import Darknet

ENDING: Final = ".safetensors"
_KIND: Final = "lap-detector 1"
_NOTE: Final = "lap"
_LONGEST: Final = 10_000_000  # bytes of a header; a detector's has a few thousand
_TARGETS: Final[tuple[Target, ...]] = ("faces", "heads")


@dataclass(frozen=True, slots=True)
class DetectorFile:
    """The description in a detector file. `about`: how it was trained, as JSON values."""

    target: Target
    cfg: str
    about: Mapping[str, Any]


def is_file_name(name: str) -> bool:
    """Return whether a model's name is that of a detector file."""
    return name.endswith(ENDING)


def file_spec(task: Task, name: str) -> ModelSpec:
    """Return the spec of a detector file for a task.

    Raises:
        InputError: there is no such file, it is of another kind, or it has another target.
    """
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    try:
        target = read_header(path).target
    except WeightsError as error:
        raise InputError(str(error)) from None
    if task != target:
        raise InputError(f"{path} finds {target}")
    return ModelSpec(task=target, name=path.stem, loader=load, weights=ShippedFiles((path,)))


def read_header(path: Path) -> DetectorFile:
    """Return the file's description; its numbers are not read, and torch is not needed.

    Raises:
        WeightsError: it cannot be read, or is not a detector file.
    """
    note = read_note(path)
    target, cfg, about = note.get("target"), note.get("cfg"), note.get("about")
    if note.get("kind") != _KIND or target not in _TARGETS or not isinstance(cfg, str) or not isinstance(about, dict):
        raise WeightsError(f"{path} is not a detector that `lap train faces` or `lap train heads` wrote")
    return DetectorFile(target, cfg, about)


def read_note(path: Path) -> dict[str, Any]:
    """Return LAP's own note in a safetensors file's header.

    Raises:
        FileError: it is not a regular file.
        WeightsError: it cannot be read, or is not a safetensors file of LAP (for example, a pickled torch file).
    """
    try:
        with open_regular(path) as opened:
            length = int.from_bytes(opened.read(8), "little")
            header = opened.read(length) if 0 < length <= _LONGEST else b""
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    note = _note_in(header)
    if not isinstance(note, dict):
        raise WeightsError(f"{path} is not a detector that `lap train` wrote: its header has no description")
    return note


def _note_in(header: bytes) -> object:
    """Return LAP's note in a header; None if there is none."""
    try:
        content = parse_json(header.decode())
        metadata = content.get("__metadata__") if isinstance(content, dict) else None
        note = metadata.get(_NOTE) if isinstance(metadata, dict) else None
        return parse_json(note) if isinstance(note, str) else None
    except (UnicodeDecodeError, InputError):
        return None


def note_of(**values: Any) -> dict[str, str]:
    """Return the texts for a safetensors file's header with these values, which `read_note` returns."""
    return {_NOTE: json.dumps(values, sort_keys=True)}


def write_detector(network: "Darknet", path: Path, described: DetectorFile) -> None:
    """Write the network as a detector file, atomically. Equal numbers and texts yield equal bytes."""
    from safetensors.torch import save

    note = note_of(kind=_KIND, target=described.target, cfg=described.cfg, about=dict(described.about))
    write_bytes(path, save(plain_state(network), note))


def plain_state(network: "nn.Module") -> "dict[str, Tensor]":
    """Return the network's weights, contiguous and on the CPU, without batch counters."""
    return {
        key: value.detach().cpu().contiguous().clone()
        for key, value in network.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }


def load(path: Path, device: str) -> TinyDetector:
    """Load the detector of a file.

    Raises:
        WeightsError: it is not a detector file, or its numbers do not fit its layout.
    """
    described = read_header(path)
    detector = TinyDetector(read_file(path, described), described.target, device)
    detector.name = path.stem
    return detector


def read_file(path: Path, described: DetectorFile) -> "Darknet":
    """Return the network of a detector file.

    Raises:
        WeightsError: as in `load`.
    """
    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.module import Darknet
    from lap_assets.models.state_dicts import load_checkpoint

    try:
        network = Darknet(parse_cfg(described.cfg, path.name))
    except CfgError as error:
        raise WeightsError(f"{path}: its layout cannot be built ({error})") from None
    most = _LONGEST + 8 * sum(value.numel() for value in network.state_dict().values())
    if (size := path.stat().st_size) > most:
        raise WeightsError(f"{path} has {size:,} bytes, more than its layout needs: it is not a detector file")
    return filled(network, path, load_checkpoint(path))


def filled(network: "Darknet", path: Path, state: "Mapping[str, Tensor]") -> "Darknet":
    """Return the network with these numbers, read from `path`.

    Raises:
        WeightsError: a key or shape is wrong, or a number is not finite.
    """
    from lap_assets.models.state_dicts import check_state

    own = network.state_dict()
    needed = {key: tuple(value.shape) for key, value in own.items() if not key.endswith("num_batches_tracked")}
    check_state(path, needed, state)
    if any(not bool(value.isfinite().all()) for value in state.values()):
        raise WeightsError(f"{path} has numbers that are not finite: its training failed")
    network.load_state_dict({**own, **{key: value.to(own[key].dtype) for key, value in state.items()}})
    return network
