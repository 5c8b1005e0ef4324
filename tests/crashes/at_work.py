"""A tireless reviewer, made to be killed: works in a real window, and prints the state after each action.

python -m tests.crashes.at_work labeler|comparer FOLDER DONE UNTIL

An action depends only on its number (in the Comparer on the pair), so that a killed and resumed reviewer reaches the
same result as an undisturbed one.
"""

import itertools
import json
import random
import sys
import time
import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image

from lap_assets.core.labels.box_text import format_boxes
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, Verdict, read_verdicts
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.labeler import LabelerGUI
from lap_gui.labeler.opening import open_session, opening
from lap_gui.labeler.session import LabelSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder

_POSTERS: Final = 16
_SIZE: Final = (300, 420)
_SAVES: Final = 7
_WORDS: Final[tuple[Verdict, ...]] = ("duplicate", *(("distinct",) * 16), "unsure", "skip")


def prepare(folder: Path) -> None:
    """Draw the posters to work on."""
    for number in range(_POSTERS):
        path = folder / "0" / f"MAL{number + 1:05d}_0001_{number + 1:06d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", _SIZE, (15 * number, 90, 160)).save(path)


def standing(tool: str, folder: Path) -> str:
    """Return the contents of the files as read by the next process."""
    if tool == "comparer":
        lines = read_verdicts([folder / "said.jsonl"]).lines
        return json.dumps([[word.first, word.second, word.verdict] for word in lines if isinstance(word, PairVerdict)])
    opened = open_session(replace(opening(folder), readonly=True)).session
    try:
        return _labels(opened)
    finally:
        opened.close()


def label(folder: Path, done: int, until: int) -> None:
    """Draw, delete and review in the Labeler, and save occasionally."""
    window = LabelerGUI(False, (900, 700)).init_data(folder, start=0).window()
    session = window.session
    for number in range(done + 1, until + 1):
        chance = random.Random(number)
        window.go(chance.randrange(len(session.names)))
        _serve(window.root, lambda: session.size is not None)
        if chance.random() < 0.6:
            x, y = chance.randrange(200), chance.randrange(300)
            session.draw((x, y), (x + 20 + chance.randrange(80), y + 20 + chance.randrange(90)))
        elif session.boxes and chance.random() < 0.7:
            session.cycle()
            session.delete()
        else:
            session.review(chance.random() < 0.5)
        window.changed()
        _tell(number, _labels(session))
        if number % _SAVES == 0:
            window.save()
        window.root.update()
    window.close()


def compare(folder: Path, done: int, until: int) -> None:
    """Decide each pair in the Comparer."""
    names = sorted(path.name for path in folder.rglob("*.jpg"))
    pairs = [Pair(Poster(one), Poster(other)) for one, other in itertools.combinations(names, 2)]
    window = Comparer(ReviewSession(pairs, Logs(folder / "said.jsonl"), "ann"), PosterFolder(folder))
    for number in range(done + 1, until + 1):
        _serve(window.root, lambda: window.is_ready)
        pair = window.session.pair
        if pair is None:
            break
        word = random.Random(f"{pair.first.name} {pair.second.name}").choice(_WORDS)
        window.decide(word, "second" if word == "duplicate" else None)
        _tell(number, standing("comparer", folder))
        window.root.update()
    window.close()


def _labels(session: LabelSession) -> str:
    document = session.layer.document
    states = {name: document.labels_of(name) for name in session.all_names}
    return json.dumps({name: [format_boxes(state.boxes), state.reviewed] for name, state in states.items()})


def _tell(number: int, stands: str) -> None:
    print(number, stands, flush=True)


def _serve(root: tk.Misc, ready: Callable[[], bool]) -> None:
    root.update()
    while not ready():
        root.update()
        time.sleep(0.002)


if __name__ == "__main__":
    {"labeler": label, "comparer": compare}[sys.argv[1]](Path(sys.argv[2]), *(int(text) for text in sys.argv[3:]))
