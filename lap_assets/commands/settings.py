"""`lap settings`: the settings in force, and where each comes from."""

import os
from collections.abc import Mapping
from typing import Any, Final

from rich.table import Table

from lap_assets.core.plain_text import printable
from lap_assets.setting_faults import variable
from lap_assets.settings import Settings

_SECRET: Final = frozenset({"broker_url", "mal_client_id"})


def settings_in_force(settings: Settings, environment: Mapping[str, str] = os.environ) -> list[dict[str, Any]]:
    """Return a row per setting: `name`, `value`, `source` ("environment", "default" or "chosen by LAP"), `meaning`.

    LAP itself chooses a demo's models, and MAL's API if a client id is set. Secrets are shown as "set".
    """
    given = {name.upper() for name, value in environment.items() if value}
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        is_given = variable(name) in given
        source = "environment" if is_given else "default" if value == field.default else "chosen by LAP"
        shown = "set" if name in _SECRET and value else value
        is_plain = shown is None or isinstance(shown, bool | int | float)
        rows.append(
            {
                "name": variable(name), "value": shown if is_plain else str(shown), "source": source,
                "meaning": field.description or "",
            }
        )  # fmt: skip
    return rows


def settings_table(rows: list[dict[str, Any]]) -> Table:
    """Return the rows as a table for the terminal."""
    table = Table("variable", "value", "from", "meaning")
    for row in rows:
        value = "" if row["value"] is None else str(row["value"])
        table.add_row(row["name"], printable(value), row["source"], row["meaning"])
    return table
