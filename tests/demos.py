"""A finished demo's home for tests: made once per state of the sources, kept for a day, and copied."""

import hashlib
import shutil
import sys
import time
from pathlib import Path
from typing import Final

import lap_assets
from lap_assets.core.locks import held
from tests.support import DEMO, started

_SOURCES: Final = Path(lap_assets.__file__).parent


def demo_into(target: Path, cache: Path) -> str:
    """Copy a finished demo's home to `target`; return the command's output. Concurrent processes share one demo."""
    with held(cache / "demo.lock"):
        made = cache / _digest()
        if not made.exists():
            for older in cache.glob("demo-*"):
                shutil.rmtree(older)
            _make(made)
        shutil.copytree(made / "home", target, symlinks=True)
        return (made / "said").read_text()


def _make(made: Path) -> None:
    """Run the demo in a temporary folder and rename it, so that an unfinished demo is never used."""
    work = made.with_name(f"at-work-{made.name}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    ended = started("demo", *DEMO, folder=work, LAP_HOME=work / "home")
    assert ended.returncode == 0, ended.stderr
    (work / "said").write_text(ended.stderr)
    work.rename(made)


def _digest() -> str:
    """Return a digest of the sources, the interpreter and the day (pages come due with time)."""
    known = hashlib.sha256(f"{sys.version} {time.strftime('%F')} {DEMO}".encode())
    for path in sorted(_SOURCES.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".pyo"):
            known.update(f"{path.relative_to(_SOURCES)}\0".encode())
            known.update(path.read_bytes())
    return f"demo-{known.hexdigest()[:24]}"
