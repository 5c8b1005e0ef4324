"""`lap settings`, and the warning about unknown `LAP_` variables."""

import json
import os
import sys

import typer

from lap_assets.cli.options import Json
from lap_assets.core.plain_text import printable


def settings(as_json: Json = False) -> None:
    """Show the settings in force, and where each comes from."""
    from lap_assets.commands.console import Terminal
    from lap_assets.commands.settings import settings_in_force, settings_table
    from lap_assets.startup import load_settings

    rows = settings_in_force(load_settings())
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    Terminal().console.print(settings_table(rows))


def warn_of_unknown_names() -> None:
    """Warn about environment variables that begin with `LAP_` but are not settings; they have no effect."""
    if not any(name.upper().startswith("LAP_") for name in os.environ):
        return
    from lap_assets.setting_faults import unknown_names
    from lap_assets.settings import Settings

    for line in unknown_names(os.environ, Settings.model_fields):
        print(f"lap: {printable(line)}", file=sys.stderr)
