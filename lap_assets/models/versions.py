"""A model's version: a short text that changes exactly when its results may change. No heavy imports here."""

from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from lap_assets.core.files import sha256_of
from lap_assets.models.spec_types import NONE, ModelSpec, PackageWeights, ShippedFiles, Task, WeightFile
from lap_assets.models.specs import find_spec
from lap_assets.models.weights import current_sha256, recorded_sha256

_DIGITS: Final = 12  # of a sha256


def model_version(task: Task, name: str, weights_folder: Path) -> str:
    """Return a model's version from its name, method and weights; "none" for no model.

    Without a published sha256, the recorded one is used; "unrecorded" while there is no file.

    Raises:
        InputError: there is no such model.
        WeightsError: the folder's `recorded.json` is unreadable.
    """
    spec = find_spec(task, name)
    if spec is None:
        return NONE
    weights = _weights(spec, weights_folder)
    return " ".join((spec.name, f"v{spec.method}", *([weights] if weights else [])))


def _weights(spec: ModelSpec, folder: Path) -> str | None:
    match spec.weights:
        case WeightFile() as entry:
            found = entry.sha256 or recorded_sha256(entry.file, folder)
            return found[:_DIGITS] if found else "unrecorded"
        case ShippedFiles(paths):
            return _shipped(paths, tuple(map(_stamp, paths)))
        case PackageWeights(file, package):
            found = current_sha256(file, folder)
            return found[:_DIGITS] if found else f"{package}-{version(package)}"
        case None:
            return None


def _stamp(path: Path) -> tuple[int, int]:
    """Return time and size, which change with the file: a detector file may be replaced while a process runs."""
    found = path.stat() if path.is_file() else None
    return (found.st_mtime_ns, found.st_size) if found is not None else (0, 0)


@cache
def _shipped(paths: tuple[Path, ...], _stamps: tuple[tuple[int, int], ...]) -> str:
    """Return the digests of a package's files or of a detector file; read once per process while they are unchanged."""
    return "+".join(sha256_of(path)[:_DIGITS] if path.is_file() else "absent" for path in paths)
