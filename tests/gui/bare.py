"""An environment with Python and Pillow alone, as a reviewer's machine has it: nothing else can be imported there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import PIL

CHECKOUT = Path(__file__).parents[2]


def bare_python(folder: Path) -> Path:
    """Makes the environment in `folder` and gives its python. Pillow is the one that is installed here, linked."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    (packages,) = folder.glob("lib/python*/site-packages")
    installed = Path(PIL.__file__).parents[1]
    for found in (installed / "PIL", installed / "pillow.libs"):
        if found.exists():
            (packages / found.name).symlink_to(found)
    return folder / "bin" / "python"


def open_tool(python: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Starts `python -m …` in the checkout, with nothing of this environment but the display."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "DISPLAY", "HOME", "LANG", "TMPDIR")}
    return subprocess.Popen([str(python), "-m", *arguments], cwd=CHECKOUT, env=kept, stderr=subprocess.PIPE, text=True)


def until(holds: Callable[[], object], act: Callable[[], object], tool: "subprocess.Popen[str]") -> None:
    """Acts until it holds; again only if nothing has come of it for a while (no window had been there to act on).

    Raises:
        AssertionError: it never does, or the tool ended.
    """
    stop = time.monotonic() + 30
    while not holds():
        assert tool.poll() is None, tool.stderr.read() if tool.stderr else ""
        assert time.monotonic() < stop, "it never came true"
        act()
        patience = time.monotonic() + 3
        while not holds() and tool.poll() is None and time.monotonic() < patience:
            time.sleep(0.02)
