"""The additional detectors in the settings that are compared with the graph's on reviewed images."""

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
    """The settings with the names of compared detectors, separated by commas."""

    @property
    def compared_face_detectors(self) -> str:
        """Detectors of faces."""

    @property
    def compared_head_detectors(self) -> str:
        """Detectors of heads."""


def compared_names(compared: Compared, target: Target) -> tuple[str, ...]:
    """Return the detectors compared for a target, each once."""
    names = (name.strip() for name in str(getattr(compared, FIELDS[target])).split(","))
    return tuple(dict.fromkeys(name for name in names if name not in ("", NONE)))


def compared_versions(compared: Compared, folder: Path) -> str:
    """Return a text that changes when any result of theirs may change; empty without any. `folder`: of weights."""
    return " ".join(
        f"{target}: {model_version(target, name, folder)}"
        for target in FIELDS
        for name in compared_names(compared, target)
    )


def check_compared(compared: Compared) -> None:
    """Check that the settings name existing detectors.

    Raises:
        SettingsError: a name is unknown; the message has the variable and the known names.
        PluginError: another package's entry point is invalid.
    """
    list(_specs(compared))


def compared_problems(compared: Compared, folder: Path, device: str | None) -> list[str]:
    """Return a line for each missing requirement of the compared detectors, with what to do."""
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
