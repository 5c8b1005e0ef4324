"""An environment that holds Python and Pillow alone, as on a reviewer's machine. No network is needed to build it."""

import os
import subprocess
import sys
from pathlib import Path

import PIL

ROOT = Path(__file__).parents[2]


def bare_python(folder: Path) -> Path:
    """A virtual environment's python that can import Pillow and what comes with Python, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60).stdout.strip())
    packages = Path(PIL.__file__).parents[1]
    for name in ("PIL", "pillow.libs"):
        if (packages / name).exists():
            (site / name).symlink_to(packages / name, target_is_directory=True)
    return python


def run_bare(python: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs it from the checkout, as a person does, with no variable that leads elsewhere."""
    kept = {name: os.environ[name] for name in ("DISPLAY", "PATH", "HOME") if name in os.environ}
    return subprocess.run([str(python), *arguments], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60)
