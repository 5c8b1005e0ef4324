"""Interruptible waiting."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

_SLICE: Final = 0.2  # seconds between two checks for a request to stop


async def wait(seconds: float, stopping: Callable[[], bool]) -> bool:
    """Sleep for `seconds` and return True; return False at once if asked to stop before or meanwhile."""
    until = time.monotonic() + seconds
    while not stopping():
        left = until - time.monotonic()
        if left <= 0:
            return True
        await asyncio.sleep(min(_SLICE, left))
    return False
