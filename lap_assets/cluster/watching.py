"""Checking whether a worker is alive, by pinging it by name.

A name is used only once, so a restarted worker never answers for a dead one.
"""

import time
from typing import Any, Final

_ASK_EVERY: Final = 5.0  # seconds
_ANSWER_WITHIN: Final = 2.0  # seconds


class Watch:
    """Pings workers. One that has not answered for `silence` seconds, while the broker was available, is dead."""

    def __init__(self, app: Any, silence: float) -> None:
        self._app = app
        self._silence = silence
        self._asked: dict[str, float] = {}
        self._heard: dict[str, float] = {}

    def is_dead(self, worker: str) -> bool:
        """Return whether the worker is dead; ping it at most every few seconds."""
        now = time.monotonic()
        heard = self._heard.setdefault(worker, now)
        if now - self._asked.get(worker, now - _ASK_EVERY) < min(_ASK_EVERY, self._silence / 3):
            return False
        self._asked[worker] = now
        answers = self._ask(worker)
        if answers is None:  # without the broker no worker can answer, so restart the time of all
            self._heard = dict.fromkeys(self._heard, time.monotonic())
            return False
        if answers:
            self._heard[worker] = time.monotonic()
            return False
        return now - heard > self._silence

    def wait_for_word(self, worker: str) -> bool:
        """Return whether the worker answers within `silence` seconds; true if the broker is unavailable."""
        until = time.monotonic() + self._silence
        while True:
            answers = self._ask(worker)
            if answers is None or answers:
                return True
            if time.monotonic() > until:
                return False

    def _ask(self, worker: str) -> list[Any] | None:
        """Ping the worker and return its answers; None if the broker is unavailable."""
        from kombu.exceptions import OperationalError
        from redis.exceptions import RedisError

        try:
            return list(self._app.control.ping(destination=[worker], timeout=_ANSWER_WITHIN) or ())
        except (OperationalError, RedisError, OSError):
            return None
