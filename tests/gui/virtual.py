"""A virtual display for the tests."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def virtual_display(dots: int = 96) -> Iterator[str]:
    """A virtual display of 1600×1000 px with `dots` dots per inch; DISPLAY names it in the meantime.

    Raises:
        FileNotFoundError: Xvfb is not installed.
    """
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        raise FileNotFoundError("Xvfb is not installed (sh tests/system.sh)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-dpi", str(dots), "-nolisten", "tcp",
         "-noreset"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as output:
        number = output.readline().strip()
    previous = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = f":{number}"
    try:
        yield f":{number}"
    finally:
        os.environ.pop("DISPLAY")
        if previous is not None:
            os.environ["DISPLAY"] = previous
        server.terminate()
        server.wait(10)
