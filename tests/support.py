"""Running `lap` as people run it, for tests of several rooms."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lap_assets.models import tiny

# The small models that the package ships; a checkout without their weights runs without models.
HAS_MODELS: Final = all(
    Path(tiny.__file__).with_name(f"{name}.safetensors").exists() for name in ("embedder", "faces", "heads")
)
_MODEL: Final = "lap-tiny" if HAS_MODELS else "none"
MODELS: Final = {
    "LAP_EMBEDDER": _MODEL, "LAP_FACE_DETECTOR": _MODEL, "LAP_HEAD_DETECTOR": _MODEL, "LAP_UPSCALER": "lanczos",
}  # fmt: skip
Lap = Callable[..., "subprocess.CompletedProcess[str]"]
SECONDS: Final = 900  # a command that takes longer hangs; a busy machine takes its time
DEMO = ("--anime", "30", "--seed", "3")


def environment(**variables: str | Path) -> dict[str, str]:
    """This process's environment with the small models, without anybody's other LAP settings, and with `variables`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LAP_")}
    return {**kept, "PYTHONWARNINGS": "ignore", **MODELS, **{key: str(value) for key, value in variables.items()}}


def command(*arguments: str) -> list[str]:
    """`lap` with these arguments, by this interpreter."""
    return [sys.executable, "-c", "from lap_assets.cli import main; main()", *arguments]
