"""Running `lap` as people run it, for tests of several rooms."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Lap = Callable[..., "subprocess.CompletedProcess[str]"]
DEMO = ("--anime", "30", "--seed", "3")


def environment(**variables: str | Path) -> dict[str, str]:
    """This process's environment without anybody's LAP settings, and with `variables`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LAP_")}
    return {**kept, "PYTHONWARNINGS": "ignore", **{key: str(value) for key, value in variables.items()}}


def command(*arguments: str) -> list[str]:
    """`lap` with these arguments, by this interpreter."""
    return [sys.executable, "-c", "from lap_assets.cli import main; main()", *arguments]
