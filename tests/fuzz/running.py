"""Feed a target: count and time inputs, and report a finding with its input."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fuzz.mutating import mutated
from tests.fuzz.target import RefusedInput, Target

SLOW = 5.0  # processor seconds for one input: a hang


@dataclass(slots=True)
class Fed:
    """Numbers of accepted and refused inputs."""

    accepted: int = 0
    refused: int = 0


def feed(target: Target, seed: int) -> Iterator[Fed]:
    """Feed the target endlessly; yield the counts after each input.

    Raises:
        AssertionError: an input was wrongly accepted, crashed the reader, or took too long; the message has the input.
    """
    chance, fed = random.Random(seed), Fed()
    while True:
        data = mutated(target.seeds, chance)
        began = time.thread_time()
        try:
            target.read(data)
            fed.accepted += 1
        except RefusedInput:
            fed.refused += 1
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} on {data!r}") from error
        if time.thread_time() - began > SLOW:
            raise AssertionError(f"took {time.thread_time() - began:.0f} s: {data!r}")
        yield fed
