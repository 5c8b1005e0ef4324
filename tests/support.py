"""Running `lap` in tests of several packages: in this process, or in a separate one if the process is under test."""

import io
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final
from unittest.mock import patch

from lap_assets.models import tiny

# The small models that the package ships; a checkout without their weights runs without models.
HAS_MODELS: Final = all(
    Path(tiny.__file__).with_name(f"{name}.safetensors").exists() for name in ("embedder", "faces", "heads", "traits")
)
_MODEL: Final = "lap-tiny" if HAS_MODELS else "none"
MODELS: Final = {
    "LAP_EMBEDDER": _MODEL, "LAP_FACE_DETECTOR": _MODEL, "LAP_HEAD_DETECTOR": _MODEL, "LAP_UPSCALER": "lanczos",
}  # fmt: skip
Lap = Callable[..., "subprocess.CompletedProcess[str]"]
SECONDS: Final = 3600  # a command that takes longer hangs, even on a busy machine
DEMO: Final = ("--anime", "30", "--seed", "3", "--jobs", "2")


def environment(**variables: str | Path) -> dict[str, str]:
    """Return this process's environment with the small models and `variables`, without other LAP settings."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LAP_")}
    return {**kept, "PYTHONWARNINGS": "ignore", **MODELS, **{key: str(value) for key, value in variables.items()}}


def command(*arguments: str) -> list[str]:
    """Return the command line of `lap` with these arguments, for this interpreter."""
    return [sys.executable, "-c", "from lap_assets.cli import main; main()", *arguments]


def started(*arguments: str, folder: Path, **variables: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `lap` as a process in `folder`, to its end."""
    return subprocess.run(
        command(*arguments), env=environment(**variables), cwd=folder, capture_output=True, text=True, timeout=SECONDS
    )


def called(*arguments: str, folder: Path, **variables: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run `lap` in this process, in `folder`; then restore environment, working folder and streams."""
    from lap_assets.cli import main

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        patch.dict(os.environ, environment(**variables), clear=True),
        patch.object(sys, "argv", ["lap", *arguments]),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = _status_of(main)
    return subprocess.CompletedProcess(["lap", *arguments], status, _text_of(out), _text_of(err))


def _status_of(program: Callable[[], object]) -> int:
    """Return the exit status that the operating system would get."""
    try:
        program()
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        print(ended.code, file=sys.stderr)
        return 1
    except Exception:  # as Python does with an uncaught error
        traceback.print_exc()
        return 1
    return 0


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
