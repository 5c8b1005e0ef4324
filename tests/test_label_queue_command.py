"""`review/labels_queue.csv`, the order in which the Labeler opens, and `lap labels status`."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.commands.label_queue import QUEUE, home_orders, orders_of
from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_gui.labeler.opening import open_session, opening
from tests.support import Lap

NAMES = [f"0/MAL{anime:05d}_0001_000001.jpg" for anime in range(1, 5)]
LABELS = f"{NAMES[0]}: 10 10 60 60\n{NAMES[1]}: -\n".replace("/", "\\")
REVIEWED = f"name\treviewed\twidth\theight\n{NAMES[0]}\tyes\t99\t99\n{NAMES[1]}\tyes\t99\t99\n"
SUGGESTED = (
    f"{NAMES[0]}: 10 10 60 61 0.9\n{NAMES[1]}: 0 0 50 50 0.8\n{NAMES[2]}: 0 0 9 9 0.97\n{NAMES[3]}: 0 0 9 9 0.5\n"
).replace("/", "\\")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with four images; two are reviewed, and a face on the second is missing."""
    home = Home(tmp_path / "lap_home")
    for name in NAMES:
        (home.images / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (99, 99)).save(home.images / name)
    home.labels.mkdir()
    for file, text in (("", LABELS), (".reviewed", REVIEWED), ("_baseline", SUGGESTED)):
        (home.labels / f"labels_faces{file}{'.tsv' if file == '.reviewed' else '.txt'}").write_text(text)
    return home


def test_the_queue_and_the_suspects_are_written_and_opened_in_their_order(home: Home) -> None:
    orders = home_orders(home)
    faces, heads = orders["faces"], orders["heads"]
    assert faces.names(of_suspects=False) == [NAMES[3], NAMES[2]]
    assert faces.names(of_suspects=True) == [NAMES[1]]
    assert sorted(heads.names(of_suspects=False)) == NAMES
    with pytest.raises(InputError, match="no suggestion contradicts a label of heads"):
        heads.names(of_suspects=True)
    with (home.labels / QUEUE).open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [(row["list"], row["kind"], row["name"]) for row in rows[:3]] == [
        ("queue", "faces", NAMES[3]), ("queue", "faces", NAMES[2]), ("suspects", "faces", NAMES[1]),
    ]  # fmt: skip
    assert [rows[2][key] for key in ("problem", "xmin", "ymin", "xmax", "ymax")] == ["missing", "0", "0", "50", "50"]
    chosen = opening(home.images, home.labels / "labels_faces.txt", home.labels / "delcands.txt")
    for readonly in (True, False):
        order = [*faces.names(of_suspects=False), "gone.jpg"]
        session = open_session(replace(chosen, order=order, readonly=readonly)).session
        assert list(session.names) == [NAMES[3], NAMES[2]]
        if not readonly:
            session.delete()  # marks the image, by its index in the whole folder
            session.review(True)
        session.close()
    assert (home.labels / "delcands.txt").read_text() == "3\n"
    assert orders_of(home.images, home.labels / "labels_faces.txt").names(of_suspects=False) == [NAMES[2]]


def test_after_reviewing_all_nothing_is_left_to_label(home: Home) -> None:
    path = home.labels / "labels_faces.reviewed.tsv"
    path.write_text(REVIEWED + "".join(f"{name}\tyes\t99\t99\n" for name in NAMES[2:]))
    with pytest.raises(InputError, match="every image is reviewed for faces"):
        orders_of(home.images, home.labels / "labels_faces.txt").names(of_suspects=False)


def test_the_status_says_what_is_left(lap: Lap, home: Home) -> None:
    result = lap("labels", "status", "--look", "2", "--box", "10", "--json", LAP_HOME=home.root)
    assert result.returncode == 0, result.stderr
    faces = json.loads(result.stdout)["faces"]
    assert {key: faces[key] for key in ("images", "reviewed", "left", "boxes", "suggested", "false")} == {
        "images": 4, "reviewed": 2, "left": 2, "boxes": 1, "suggested": 1, "false": 1,
    }  # fmt: skip
    assert (faces["seconds_by_hand"], faces["seconds_left"]) == (2 * 2 + 10, 2 * 2 + 10)
    shown = lap("labels", "status", LAP_HOME=home.root)
    assert "faces: 2 of 4 images reviewed, 2 left" in shown.stdout
    assert "heads: 0 of 4 images reviewed, 4 left" in shown.stdout
    result = lap("labels", "status", LAP_HOME=home.root / "nowhere")
    assert result.returncode == 2
    assert "there are no images yet; `lap run` makes them" in result.stderr


def test_both_orders_at_once_are_refused(lap: Lap) -> None:
    result = lap("label", "--queue", "--suspects")
    assert result.returncode == 2
    assert result.stderr == "lap: --queue and --suspects: expected only one of these options\n"
