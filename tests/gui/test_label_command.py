"""`lap label` as people run it: its messages when it cannot open, and what it opens in a home."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.commands.label import begin_classes
from lap_assets.core.home import Home
from lap_assets.core.labels.face_classes import FACE_CLASSES, STARTING_TEXT
from lap_assets.core.labels.lap_format import read
from lap_assets.core.names import PosterName
from lap_assets.labels.adoption import conflicts
from lap_assets.labels.detection import SCHEMA
from tests.support import Lap

NAME = PosterName.mal(5, 1, 2)
_OPENS = """
import sys
from lap_gui.shared.window import ToolWindow
ToolWindow.run = lambda self: (self.root.update(), print([layer.title for layer in self.session.layers],
    len(self.session.layer.suggestions), self.session.marks.path.name, self.session.classes), self.close())
sys.argv[0] = "lap"
from lap_assets.cli import main
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    new_home = Home(tmp_path / "home")
    for path in (new_home.image(NAME), new_home.poster(NAME)):
        path.parent.mkdir(parents=True)
        Image.new("RGB", (200, 300)).save(path)
    box = {"x0": 10.4, "y0": 20.0, "x1": 50.0, "y1": 60.0, "score": 0.9876}
    row = {"name": [str(NAME)], "sha256": ["a" * 64], "model": ["m"], "boxes": [[box]], "problem": [None]}
    row["subfolder"] = ["0"]
    (new_home.tables / "baseline_face_boxes").mkdir(parents=True)
    pl.DataFrame(row, schema=SCHEMA).write_parquet(new_home.tables / "baseline_face_boxes" / "0.parquet")
    new_home.labels.mkdir()
    return new_home


def test_it_says_in_one_line_what_is_missing(lap: Lap, tmp_path: Path) -> None:
    ended = lap("label", LAP_HOME=tmp_path / "empty")
    assert ended.returncode == 2
    assert ended.stderr.startswith("lap: ")
    assert "there are no images yet; `lap run` makes them, or name a FOLDER" in ended.stderr
    assert lap("label", tmp_path.joinpath("none").as_posix()).stderr.endswith("there is no such folder\n")


def test_without_a_folder_it_opens_the_home_with_what_the_detectors_found(home: Home, display: str) -> None:
    environment = {**os.environ, "LAP_HOME": str(home.root), "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", _OPENS, "label"], env=environment, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == f"['faces', 'heads'] 1 delcands.txt {FACE_CLASSES}"
    assert (home.labels / "classes.txt").read_text() == STARTING_TEXT
    suggested = read(home.labels / "labels_faces_baseline.txt").boxes(f"0/{NAME}")
    assert [(box.corners, box.score) for box in suggested or ()] == [((10, 20, 50, 60), 0.9876)]
    assert not (home.labels / "labels_faces.txt").exists()


def test_own_classes_stay_and_existing_labels_get_no_starting_classes(home: Home) -> None:
    (home.labels / "classes.txt").write_text("")
    begin_classes(home)
    assert (home.labels / "classes.txt").read_text() == ""
    (home.labels / "classes.txt").unlink()
    (home.labels / "labels_heads.txt").write_text("0/a.jpg: 1 1 9 9 0\n")
    begin_classes(home)
    assert not (home.labels / "classes.txt").exists()


def test_a_dataset_with_classes_of_its_own_is_adopted_over_untouched_starting_ones(home: Home, tmp_path: Path) -> None:
    begin_classes(home)
    (tmp_path / "classes.txt").write_text("0:cat\n")
    assert conflicts(tmp_path, home.labels) == []
    (home.labels / "classes.txt").write_text(STARTING_TEXT + "7:robot\n")
    assert len(conflicts(tmp_path, home.labels)) == 1
