"""`make crash`: kill the demo many times at random moments, in several worlds, and the review tools at work.

The result must equal that of a run without kills.

python -m tests.crashes KILLS ROUNDS [ANIME]
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crashes.killing import kill_and_finish
from tests.crashes.reviewing import kill_reviewer
from tests.engine.contents import contents
from tests.gui.virtual import virtual_display
from tests.support import SECONDS, command, environment


def main(kills: int, rounds: int, anime: int) -> int:
    """Return the number of rounds with a different result."""
    different, at = 0, Counter[str]()
    began = time.monotonic()
    for seed in range(1, rounds + 1):
        demo = command("demo", "--anime", str(anime), "--seed", str(seed))
        with tempfile.TemporaryDirectory() as place:
            ends = []
            for name, count in (("undisturbed", 0), ("killed", kills)):
                folder = Path(place) / name
                folder.mkdir()
                chance = random.Random(seed)
                variables = environment(LAP_HOME=folder / "home")
                killed = kill_and_finish(demo, variables, folder, kills=count, chance=chance, steps=14, timeout=SECONDS)
                ends.append(contents(folder / "home"))
                at.update(killed.at)
            wrong = [name for name in ends[0].keys() | ends[1].keys() if ends[0].get(name) != ends[1].get(name)]
            different += bool(wrong)
            print(
                f"world {seed}: {killed.times} kills, {len(wrong)} of {len(ends[0])} files differ",
                *wrong[:5],
                flush=True,
            )
    print(f"{at.total()} kills in {time.monotonic() - began:.0f} s, while at work on:")
    for step, count in at.most_common():
        print(f"  {step}: {count}")
    return different


def tools(kills: int) -> None:
    """Kill Labeler and Comparer `kills` times each.

    Raises:
        AssertionError: a finished action was lost.
    """
    with virtual_display():
        for tool in ("labeler", "comparer"):
            with tempfile.TemporaryDirectory() as place:
                times = kill_reviewer(tool, Path(place), actions=kills * 6, kills=kills, chance=random.Random(kills))
            print(f"{tool}: {times} kills, nothing lost except unfinished actions", flush=True)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    tools(numbers[0] if numbers else 20)
    sys.exit(main(*numbers, *(20, 2, 30)[len(numbers) :]))
