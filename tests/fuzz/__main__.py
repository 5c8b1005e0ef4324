"""`make fuzz`: run every target for some seconds, with limited memory.

python -m tests.fuzz SECONDS [SEED] [TARGET…]
"""

import resource
import sys
import time

from tests.fuzz.running import feed
from tests.fuzz.targets import TARGETS

_MEMORY = 4 << 30  # mostly used by torch's libraries


def main(seconds: float, seed: int, names: list[str]) -> int:
    """Feed each target; return the number of targets with a finding."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    wrong = total = 0
    for name in names or TARGETS:
        until = time.monotonic() + seconds
        accepted = refused = 0
        try:
            for fed in feed(TARGETS[name], seed):
                accepted, refused = fed.accepted, fed.refused
                if time.monotonic() >= until:
                    break
        except AssertionError as error:
            wrong += 1
            print(f"{name}: {error}"[:2000])
        total += accepted + refused
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{name}: {accepted + refused:,} inputs, {accepted:,} accepted, {peak} MB at most", flush=True)
    print(f"{total:,} inputs, {wrong} targets with something wrong")
    return wrong


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, sys.argv[3:]))
