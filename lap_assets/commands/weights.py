"""`lap weights`: list, fetch and verify the files that models need. `models` defines when a file is right."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from lap_assets.commands.console import Terminal
from lap_assets.core.errors import WeightsError
from lap_assets.models.fetching import fetch
from lap_assets.models.spec_types import WeightFile, chosen_names
from lap_assets.models.specs import check_choices, find_spec
from lap_assets.models.weights import WeightsState, find_weights, verify_weights, weight_files, weights_state
from lap_assets.settings import Settings


def weight_rows(settings: Settings, folder: Path, table: Sequence[WeightFile] | None = None) -> list[dict[str, Any]]:
    """Return a row for each file: purpose, source, path, state, and whether a chosen model needs it."""
    chosen = set(needed(settings))
    rows = []
    for entry in weight_files() if table is None else table:
        state = weights_state(entry, folder)
        rows.append(
            {
                "name": entry.key,
                "chosen": entry.key in chosen,
                "state": state.state,
                "purpose": entry.purpose,
                "licence": entry.licence,
                "megabytes": entry.megabytes,
                "path": str(state.path),
                "url": entry.url,
                "sha256_published": entry.sha256,
                "sha256_here": state.sha256,
                "problem": state.problem,
            }
        )
    return rows


def list_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return the rows as a table for the terminal."""
    table = Table("name", "chosen", "state", "MB", "licence", "for")
    for row in rows:
        cells = (row["name"], "yes" if row["chosen"] else "", row["state"], str(row["megabytes"]))
        table.add_row(*cells, row["licence"], row["purpose"])
    return table


def needed(settings: Settings) -> list[str]:
    """Return the keys of the files that the chosen models need.

    Raises:
        SettingsError: a setting names an unknown model.
    """
    check_choices(settings)
    specs = [find_spec(task, name) for task, name in chosen_names(settings).items()]
    return [spec.weights.key for spec in specs if spec is not None and isinstance(spec.weights, WeightFile)]


def fetch_all(
    names: Sequence[str], folder: Path, terminal: Terminal, table: Sequence[WeightFile] | None = None
) -> Iterator[str]:
    """Download each missing file; yield the key of each failed download."""
    for entry in [find_weights(name, table) for name in names]:
        state = verify_weights(entry, folder)
        if state.state in ("right", "recorded"):
            terminal.say(f"{entry.key}: {state.path} is already there, {_judgement(state)}")
            continue
        if state.problem:
            terminal.say(f"{entry.key}: {state.problem}")
            yield entry.key
            continue
        terminal.say(f"{entry.key}: {entry.url} (about {entry.megabytes} MB, licence {entry.licence})")
        try:
            record = fetch(entry, folder, terminal)
        except WeightsError as error:
            terminal.say(str(error))
            yield entry.key
            continue
        origin = "as published" if entry.sha256 else "none is published; recorded, and expected from now on"
        terminal.say(f"{entry.key}: {state.path}, {record.size:,} bytes, sha256 {record.sha256} ({origin})")


def verify_all(
    names: Sequence[str], folder: Path, terminal: Terminal, table: Sequence[WeightFile] | None = None
) -> Iterator[str]:
    """Read every present file and report its state; yield wrong files, and missing ones if named."""
    entries = [find_weights(name, table) for name in names] if names else weight_files() if table is None else table
    for entry in entries:
        with terminal.task(f"reading {entry.key}", None):
            state = verify_weights(entry, folder)
        if state.state == "missing":
            terminal.say(f"{entry.key}: {state.path} is missing; download it with `lap weights fetch {entry.key}`")
        else:
            terminal.say(f"{entry.key}: {state.problem or _judgement(state)}")
        if state.state == "wrong" or (names and state.state == "missing"):
            yield entry.key


def _judgement(state: WeightsState) -> str:
    if state.state == "right":
        return "right: its sha256 is the published one"
    return f"complete, sha256 {state.sha256} as recorded here (none is published)"
