"""An environment that holds Python and Pillow alone, as on a reviewer's machine. No network is needed to build it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import PIL

ROOT = Path(__file__).parents[2]


def bare_python(folder: Path) -> Path:
    """A virtual environment's python that can import Pillow and what comes with Python, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=6000)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True, timeout=600).stdout.strip())
    packages = Path(PIL.__file__).parents[1]
    for name in ("PIL", "pillow.libs"):
        if (packages / name).exists():
            (site / name).symlink_to(packages / name, target_is_directory=True)
    return python


def run_bare(python: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs it from the checkout, as a person does, with no variable that leads elsewhere."""
    return subprocess.run([str(python), *arguments], cwd=ROOT, env=_kept(), capture_output=True, text=True, timeout=600)


def open_bare(python: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Starts it, to be worked on by hand."""
    return subprocess.Popen([str(python), *arguments], cwd=ROOT, env=_kept(), stderr=subprocess.PIPE, text=True)


def until(holds: Callable[[], object], act: Callable[[], object], tool: "subprocess.Popen[str]") -> None:
    """Acts until it holds; again only if nothing has come of it for a while (no window had been there to act on).

    Raises:
        AssertionError: it never does, or the tool ended.
    """
    stop = time.monotonic() + 600
    while not holds():
        assert tool.poll() is None, tool.stderr.read() if tool.stderr else ""
        assert time.monotonic() < stop, "it never came true"
        act()
        patience = time.monotonic() + 6
        while not holds() and tool.poll() is None and time.monotonic() < patience:
            time.sleep(0.02)


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DISPLAY", "PATH", "HOME") if name in os.environ}
