"""How a class is shown: its key, then its name. No widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from lap_gui.labeler.commands import CLASS_KEYS, COMMANDS
from lap_gui.shared.keys import Command


@dataclass(frozen=True, slots=True)
class ClassNames:
    """`names`: of the listed classes, by id. `keys`: the key of each class that has one, by id."""

    names: Mapping[int, str] = field(default_factory=dict)
    keys: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Mapping[int, str], commands: Sequence[Command] = COMMANDS) -> Self:
        """Return names with keys: the n-th key stands for the n-th class of a list, or without a list for class n."""
        by_number = {command.name: command.shown.split("  ")[0] for command in commands if command.keys}
        ids = sorted(names) or range(1, len(CLASS_KEYS) + 1)
        given = zip(ids, range(1, len(CLASS_KEYS) + 1), strict=False)
        return cls(
            names, {one: by_number[f"class {number}"] for one, number in given if f"class {number}" in by_number}
        )

    def text(self, class_id: int) -> str:
        """Return a text such as `3 young man`; the number if the class has no name or no key."""
        key, name = self.keys.get(class_id), self.names.get(class_id)
        if name is not None:
            return f"{key} {name}" if key is not None else f"{name} (class {class_id})"
        return str(class_id) if key in (None, str(class_id)) else f"{class_id} (key {key})"
