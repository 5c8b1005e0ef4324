"""The command `lap`: arguments and exit statuses. What it does is in `commands`, how it ends in `boundary`."""

from lap_assets.cli.boundary import main

__all__ = ["main"]
