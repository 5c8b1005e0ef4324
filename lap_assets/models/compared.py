"""The detectors that the settings name beside those of the graph, to be compared on reviewed images."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.models.readiness import spec_problems
from lap_assets.models.spec_types import NONE, ModelSpec
from lap_assets.models.specs import find_spec
from lap_assets.models.types import Target
from lap_assets.models.versions import model_version

FIELDS: Final[Mapping[Target, str]] = {"faces": "compared_face_detectors", "heads": "compared_head_detectors"}


class Compared(Protocol):
    """The settings that name them: names with commas between."""

    @property
    def compared_face_detectors(self) -> str:
        """Of faces."""

    @property
    def compared_head_detectors(self) -> str:
        """Of heads."""


def compared_names(compared: Compared, target: Target) -> tuple[str, ...]:
    """The detectors that are named for a target, each once."""
    names = (name.strip() for name in str(getattr(compared, FIELDS[target])).split(","))
    return tuple(dict.fromkeys(name for name in names if name not in ("", NONE)))


def compared_versions(compared: Compared, folder: Path) -> str:
    """What changes when a result of any of them may; empty where there are none. `folder`: that of the weights."""
    return " ".join(
        f"{target}: {model_version(target, name, folder)}"
        for target in FIELDS
        for name in compared_names(compared, target)
    )


def check_compared(compared: Compared) -> None:
    """Checks that the settings name detectors that there are.

    Raises:
        SettingsError: one does not; the message names the variable and the detectors that there are.
        PluginError: another package's entry cannot be used.
    """
    list(_specs(compared))


def compared_problems(compared: Compared, folder: Path, device: str | None) -> list[str]:
    """A line for each thing that they lack, with what to do; empty where all can be loaded."""
    chosen = [(f"LAP_{FIELDS[target].upper()} has {spec.name}", "or leave it out there", spec)
              for target, spec in _specs(compared)]  # fmt: skip
    return spec_problems(chosen, folder, device)


def _specs(compared: Compared) -> Iterator[tuple[Target, ModelSpec]]:
    for target, field in FIELDS.items():
        for name in compared_names(compared, target):
            try:
                spec = find_spec(target, name)
            except InputError as error:
                raise SettingsError(f"LAP_{field.upper()}: {name!r}: {error}") from None
            if spec is not None:
                yield target, spec
