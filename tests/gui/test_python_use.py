"""`remove_duplicates` and `browse_groups` as the original's text calls them, with real keys."""

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import LapError, SettingsError
from lap_assets.core.verdicts.log import read_verdicts
from lap_gui import browse_groups, remove_duplicates
from lap_gui.comparer.searching import near_files, nearest
from tests.gui.hands import Hands


def name(anime: int, number: int) -> str:
    return f"MAL{anime:05d}_0001_{number:06d}.jpg"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Write posters of two anime, each with a smaller copy."""
    (tmp_path / "0").mkdir()
    for anime in (1, 2):
        noise = np.random.default_rng(anime).integers(0, 256, (12, 9, 3), dtype=np.uint8)
        picture = Image.fromarray(noise).resize((300, 400), Image.Resampling.BICUBIC)
        picture.save(tmp_path / "0" / name(anime, 1), quality=95)
        picture.resize((150, 200)).save(tmp_path / "0" / name(anime, 2), quality=90)
    return tmp_path


@pytest.fixture
def files() -> list[str]:
    return [f"0\\{name(anime, number)}" for anime in (1, 2) for number in (1, 2)]


class Person(threading.Thread):
    """Press keys: each until the file has one more line, then Shift+E until the window closes (at the block's end)."""

    def __init__(self, hands: Hands, log: Path, *keys: str) -> None:
        super().__init__(daemon=True)
        self._hands, self._log, self._keys = hands, log, keys
        self._gone = threading.Event()

    def __enter__(self) -> "Person":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._gone.set()
        self.join(600)

    def run(self) -> None:
        for key in self._keys:
            before = self._lines()
            self._press_until(lambda before=before: self._lines() > before, key)  # type: ignore[misc]
        self._press_until(self._gone.is_set, "Shift+e")

    def _press_until(self, holds: Callable[[], bool], key: str) -> None:
        """Press again only if nothing happened for a while: there was no window yet."""
        while not holds() and not self._gone.is_set():
            self._hands.press(key)
            patience = time.monotonic() + 2
            while not holds() and time.monotonic() < patience:
                time.sleep(0.02)

    def _lines(self) -> int:
        return len(self._log.read_text().splitlines()) if self._log.exists() else 0


def test_20_remove_duplicates_shows_pairs_and_returns_the_confirmed_ones(
    hands: Hands, root: Path, files: list[str]
) -> None:
    log = root / "duplicates.verdicts.jsonl"
    with Person(hands, log, "space", "r"):
        sel, cand = remove_duplicates(root, files, None, "group", "ahash", "hamming", rang=32, reviewer="ann")
    assert [(one, other) for one, other, _ in cand] in (
        [(files[0], files[1]), (files[2], files[3])], [(files[2], files[3]), (files[0], files[1])],
    )  # fmt: skip
    assert sel == [cand[0][1]]
    with Person(hands, log):  # all is decided: the words are still there
        again = remove_duplicates(root, files, None, "group", "ahash", "hamming", rang=32, reviewer="ann")
    assert again == (sel, cand)


def test_22_without_near_pairs_nothing_opens(root: Path, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert remove_duplicates(root, [files[0], files[2]], rang=0) == ([], [])
    assert "nothing to compare" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "all"}, "mode 'all'"),
        ({"method": "whash"}, "method 'whash': expected one of"),
        ({"method": "vit", "metric": "hamming"}, "expected 'cosine'"),
        ({"metric": "cosine"}, "expected 'hamming'"),
        ({"rang": (5, 2)}, "invalid range of distances"),
        ({"files": ["photo.jpg"]}, "not a poster's name"),
        ({"files": [f"0/{name(1, 1)}", f"1/{name(1, 1)}"]}, "in the list twice"),
        ({"model": "nothing", "method": "vit"}, "'nothing' is no"),
    ],
)
def test_arguments_that_make_no_sense_are_named(root: Path, files: list[str], arguments: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=re.escape(message)):
        remove_duplicates(**{"root_dir": root, "files": files, **arguments})


def test_without_a_model_the_settings_one_is_used(
    root: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAP_EMBEDDER", "nothing")
    with pytest.raises(SettingsError, match="LAP_EMBEDDER"):
        remove_duplicates(root, files, method="vit")


def test_browse_groups_gives_the_marked_paths(hands: Hands, root: Path) -> None:
    log = root / "marks.verdicts.jsonl"
    with Person(hands, log, "2"):
        sel = browse_groups(root, start=1, stop=10, reviewer="ann")
    assert sel == [f"0/{name(2, 2)}"]
    assert [word.names for word in read_verdicts([log]).active] == [(name(2, 2),)]


def test_32_browse_groups_of_nothing_gives_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert browse_groups(tmp_path) == []
    assert "nothing to compare" in capsys.readouterr().err


def test_the_originals_keywords_are_taken_and_one_argument_never_twice(
    root: Path, files: list[str], hands: Hands
) -> None:
    log = root / "duplicates.verdicts.jsonl"
    with Person(hands, log, "space"):
        sel, cand = remove_duplicates(
            rdir=root, files1=files, files2=None, mode="group", emb="ahash", dist="hamming", rang=32, topk=3,
            chunk_size=10, reviewer="ann",
        )  # type: ignore[call-arg]  # fmt: skip
    assert (len(sel), len(cand)) == (1, 2)
    with pytest.raises(TypeError, match="'method' twice: also as 'emb'"):
        remove_duplicates(root, files, method="ahash", emb="dhash")  # type: ignore[call-arg]


def found(*arguments: Any, **named: Any) -> list[tuple[str, str, float]]:
    """Return the pairs that would be shown, nearest first."""
    return near_files(*arguments, **named).candidates


def test_arrays_of_ones_own_are_measured(root: Path, files: list[str]) -> None:
    bits = np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1]])
    near = [(files[2], files[3], 0), (files[0], files[1], 1)]
    assert found(root, files, mode="total", method=bits, metric="hamming", rang=1) == near
    assert found(root, files, method=bits, rang=None, topk=1) == near
    assert len(found(root, files, method=bits, rang=None)) == 6
    turned = np.array([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0], [-1.0, 0.0]])
    ((one, other, distance),) = found(root, files, method=turned, metric="cosine", rang=0.5)
    assert (one, other) == (files[0], files[1])
    assert 0 < distance < 1e-3
    within = found(root, files, mode="group", method=turned, rang=(0.9, 1.1))
    assert within == [(files[2], files[3], 1.0)]
    across = found(root, files[:2], files[2:], method=(bits[:2], bits[2:]), rang=2)
    assert across == [(files[1], files[2], 2), (files[1], files[3], 2)]
    assert across == found(root, files[:2], files[2:], method=bits, rang=2)
    assert found(root, [files[0], *files], method=bits[[0, 0, 1, 2, 3]], rang=1) == near


def test_files_of_vectors_are_read_as_in_the_original(root: Path, files: list[str]) -> None:
    bits = np.array([[0, 0, 0], [0, 0, 1], [1, 1, 1], [1, 1, 1], [0, 1, 0]])
    one, other = root / "one.npy", root / "other.npy"
    np.save(one, bits)
    np.save(other, bits[2:])
    assert found(root, files, mode="total", method=f"file:{one}", metric="hamming", rang=1) == [
        (files[2], files[3], 0), (files[0], files[1], 1)
    ]  # fmt: skip
    assert len(found(root, files[:2], files[2:], method=f"file:{one};{other}", rang=2)) == 2
    (root / "text.npy").write_text("no")
    for method, message in (
        (f"file:{one};{other}", "expected 1 file"), (f"file:{root / 'none.npy'}", "No such file"),
        (f"file:{root / 'text.npy'}", "not a .npy file"), (f"file:{other}", "expected a row for each of the 4 files"),
        (bits[:2], "expected a row for each of the 4 files"), (bits[:4] * 2, "numbers other than 0 and 1"),
        (np.zeros((4, 65), int), "at most 64"), (np.array([[1.0], [0.0], [1.0], [1.0]]), "row 1 of the vectors"),
        (np.array(["a", "b"]), "expected a row"),
    ):  # fmt: skip
        with pytest.raises(LapError, match=re.escape(message)):
            remove_duplicates(root, files, method=method)
    with pytest.raises(LapError, match="topk=0: expected 1 or more"):
        remove_duplicates(root, files, topk=0)


_FILES = st.integers(0, 7)


@given(st.sets(st.tuples(_FILES, _FILES).filter(lambda pair: pair[0] < pair[1])), st.integers(1, 4))
def test_topk_keeps_what_is_among_the_nearest_of_either_file(pairs: set[tuple[int, int]], most: int) -> None:
    near = [(*pair, float(place)) for place, pair in enumerate(sorted(pairs))]
    kept = list(nearest(near, most))
    for pair in near:
        before = [[one for one in near if file in one[:2] and one[2] < pair[2]] for file in pair[:2]]
        assert (pair in kept) == (min(map(len, before)) < most)
