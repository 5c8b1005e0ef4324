"""The command `lap`: arguments, exit statuses, one line for each error. What a command does is in `commands`."""

from lap_assets.cli.app import main

__all__ = ["main"]
