"""An environment with only Python and Pillow, as on a reviewer's machine. Building it needs no network."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import PIL

ROOT = Path(__file__).parents[2]


def bare_python(folder: Path) -> Path:
    """Return the python of a virtual environment that can import only Pillow and the standard library."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=6000)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    command = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout.strip())
    packages = Path(PIL.__file__).parents[1]
    for name in ("PIL", "pillow.libs"):
        if (packages / name).exists():
            (site / name).symlink_to(packages / name, target_is_directory=True)
    return python


def run_bare(python: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run it from the checkout, as a person does, without variables that lead elsewhere."""
    return subprocess.run([str(python), *arguments], cwd=ROOT, env=_kept(), capture_output=True, text=True, timeout=600)


def open_bare(python: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start it, to be operated by hand."""
    return subprocess.Popen([str(python), *arguments], cwd=ROOT, env=_kept(), stderr=subprocess.PIPE, text=True)


def until(holds: Callable[[], object], act: Callable[[], object], tool: "subprocess.Popen[str]") -> None:
    """Act until the condition holds; repeat only if nothing happened for a while (there was no window to act on).

    Raises:
        AssertionError: it never holds, or the tool ended.
    """
    stop = time.monotonic() + 600
    while not holds():
        assert tool.poll() is None, tool.stderr.read() if tool.stderr else ""
        assert time.monotonic() < stop, "the condition was never met"
        act()
        patience = time.monotonic() + 6
        while not holds() and tool.poll() is None and time.monotonic() < patience:
            time.sleep(0.02)


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DISPLAY", "PATH", "HOME") if name in os.environ}
