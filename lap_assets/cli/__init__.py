"""The command `lap`: arguments and exit statuses. `commands` does the work; `boundary` handles errors."""

from lap_assets.cli.boundary import main

__all__ = ["main"]
