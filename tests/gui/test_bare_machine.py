"""Comparer and Explorer from a checkout, on a machine with only Python, Tk and Pillow."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.core.verdicts.log import read_verdicts
from tests.gui.bare import bare_python, open_bare, run_bare, until
from tests.gui.hands import Hands
from tests.gui.words import NAMES


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if sys.platform == "win32":
        pytest.skip("the environment is made of links")
    return bare_python(tmp_path_factory.mktemp("bare") / "venv")


@pytest.fixture
def posters(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES[:4]):
        Image.new("RGB", (100 + number, 150), (40 * number, 60, 90)).save(tmp_path / name, "JPEG")
    return tmp_path


def test_nothing_but_pillow_is_there(python: Path) -> None:
    for module in ("numpy", "polars", "dagster", "pydantic"):
        assert run_bare(python, "-c", f"import {module}").returncode == 1, module


@pytest.mark.slow
def test_the_comparer_reviews_a_bare_list(python: Path, hands: Hands, posters: Path) -> None:
    listed = posters / "pairs.csv"
    listed.write_text(f"{NAMES[0]},{NAMES[1]},3\n{NAMES[2]},{NAMES[3]},4\n")
    log = posters / "pairs.verdicts.jsonl"
    tool = open_bare(python, "-m", "lap_gui.comparer", str(listed), "--reviewer", "ann", "--close-at-end")
    try:
        for count in (1, 2):
            until(lambda: len(read_verdicts([log]).active) == count, lambda: hands.press("space"), tool)  # noqa: B023
        assert tool.wait(600) == 0
    finally:
        tool.kill()
        tool.wait()
    assert {word.names for word in read_verdicts([log]).active} == {NAMES[0:2], NAMES[2:4]}


def test_the_explorer_marks_in_a_folder(python: Path, hands: Hands, posters: Path) -> None:
    log = posters / "marks.verdicts.jsonl"
    tool = open_bare(python, "-m", "lap_gui.explorer", str(posters), "--reviewer", "ann")
    try:
        until(lambda: len(read_verdicts([log]).active) == 1, lambda: hands.press("1"), tool)
        hands.press("Shift+e")
        assert tool.wait(600) == 0
    finally:
        tool.kill()
        tool.wait()
    (word,) = read_verdicts([log]).active
    assert word.names == (NAMES[3],)  # the best one
