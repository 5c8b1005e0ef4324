"""Whether a worker lives: it is asked, by name.

A name is used once, so a restarted worker never answers for a dead one.
"""

import time
from typing import Any, Final

_ASK_EVERY: Final = 5.0
_ANSWER_WITHIN: Final = 2.0


class Watch:
    """Asks after workers. A worker that has said nothing for `silence` seconds, while the broker was there, is dead."""

    def __init__(self, app: Any, silence: float) -> None:
        self._app = app
        self._silence = silence
        self._asked: dict[str, float] = {}
        self._heard: dict[str, float] = {}

    def is_dead(self, worker: str) -> bool:
        """Whether it is; asks it now and then."""
        now = time.monotonic()
        heard = self._heard.setdefault(worker, now)
        if now - self._asked.get(worker, now - _ASK_EVERY) < min(_ASK_EVERY, self._silence / 3):
            return False
        self._asked[worker] = now
        answers = self._ask(worker)
        if answers is None:  # the broker is away: nobody can be heard, so everybody's time starts again
            self._heard = dict.fromkeys(self._heard, time.monotonic())
            return False
        if answers:
            self._heard[worker] = time.monotonic()
            return False
        return now - heard > self._silence

    def wait_for_word(self, worker: str) -> bool:
        """Whether it answers within the time of silence."""
        until = time.monotonic() + self._silence
        while True:
            answers = self._ask(worker)
            if answers is None or answers:
                return True
            if time.monotonic() > until:
                return False

    def _ask(self, worker: str) -> list[Any] | None:
        """Its answers; None where the broker cannot be asked."""
        from kombu.exceptions import OperationalError
        from redis.exceptions import RedisError

        try:
            return list(self._app.control.ping(destination=[worker], timeout=_ANSWER_WITHIN) or ())
        except (OperationalError, RedisError, OSError):
            return None
