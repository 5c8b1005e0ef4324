"""Models of other packages, from the entry point group `lap_assets.models`.

An entry point is a `ModelSpec` or a list of `ModelSpec`s. They are read once per process, when a name that is not LAP's
own is looked up, or when names or weight files are listed.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from re import fullmatch
from typing import Any, Final, get_args

from lap_assets.core.errors import PluginError
from lap_assets.models.spec_types import NONE, ModelSpec, Task

GROUP: Final = "lap_assets.models"


@cache
def plugin_specs(taken: frozenset[tuple[Task, str]]) -> tuple[ModelSpec, ...]:
    """Return all models of other packages. `taken`: tasks and names of LAP's own models, which cannot be replaced.

    Raises:
        PluginError: an entry cannot be imported, is not a `ModelSpec`, or has an invalid name or one in use.
    """
    found: dict[tuple[Task, str], ModelSpec] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        origin = _origin(entry)
        for spec in _specs_of(entry, origin):
            key = (spec.task, spec.name)
            if problem := _name_problem(spec, key in taken or key in found):
                raise PluginError(f"{origin}: {problem}")
            found[key] = replace(spec, origin=origin)
    return tuple(found.values())


def _origin(entry: EntryPoint) -> str:
    package = f" of {entry.dist.name} {entry.dist.version}" if entry.dist else ""
    return f"entry point {entry.name!r} ({entry.value}){package}"


def _specs_of(entry: EntryPoint, origin: str) -> Iterator[ModelSpec]:
    try:
        given: Any = entry.load()
    except Exception as error:  # another package's code runs here: it may raise anything
        reason = " ".join(str(error).split())
        raise PluginError(f"{origin} cannot be imported ({type(error).__name__}: {reason})") from error
    for spec in given if isinstance(given, list | tuple) else [given]:
        if not isinstance(spec, ModelSpec):
            raise PluginError(f"{origin}: expected a ModelSpec or a list of ModelSpecs, got {type(spec).__name__}")
        yield spec


def _name_problem(spec: ModelSpec, is_taken: bool) -> str | None:
    if spec.task not in get_args(Task):
        return f"unknown task {spec.task!r}; expected one of: {', '.join(get_args(Task))}"
    if not fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", spec.name) or spec.name == NONE:
        return f"{spec.name!r} is not a valid name for a model"
    return f"there is already a model called {spec.name!r} for {spec.task}" if is_taken else None
