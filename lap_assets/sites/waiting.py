"""Waiting that hears a wish to stop."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

_SLICE: Final = 0.2  # seconds after which a wish to stop is noticed at the latest


async def wait(seconds: float, stopping: Callable[[], bool]) -> bool:
    """Sleeps so many seconds; returns False, at once, where somebody asks to stop before or while waiting."""
    until = time.monotonic() + seconds
    while not stopping():
        left = until - time.monotonic()
        if left <= 0:
            return True
        await asyncio.sleep(min(_SLICE, left))
    return False
