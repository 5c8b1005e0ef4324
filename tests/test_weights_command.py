"""`lap weights`: listing, fetching from a real server, verifying, and exit statuses."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from lap_assets.commands.console import Terminal
from lap_assets.commands.weights import fetch_all, needed, verify_all, weight_rows
from lap_assets.models.spec_types import WeightFile
from lap_assets.models.weights import find_weights, weight_files
from lap_assets.settings import Settings
from tests.models.file_server import serving
from tests.support import Lap

CONTENT = b"\0numbers" * 1000


@pytest.fixture
def terminal() -> Terminal:
    made = Terminal()
    made.console = Console(file=io.StringIO(), width=500)
    return made


def _said(terminal: Terminal) -> str:
    assert isinstance(terminal.console.file, io.StringIO)
    return terminal.console.file.getvalue()


def _entry(key: str, url: str, content: bytes | None = None) -> WeightFile:
    sha256 = hashlib.sha256(content).hexdigest() if content else None
    return WeightFile(key, f"{key}.weights", url, 1, "MIT", "tests", sha256)


def test_available_files_are_fetched_and_the_others_reported(terminal: Terminal, tmp_path: Path) -> None:
    with serving(CONTENT) as server:
        table = [_entry("wrong", server.url, b"other"), _entry("right", server.url, CONTENT), _entry("new", server.url)]
        assert list(fetch_all(["wrong", "right", "new"], tmp_path, terminal, table)) == ["wrong"]
        assert "none is published; recorded" in _said(terminal)
        asked = len(server.asked)
        assert list(fetch_all(["right", "new"], tmp_path, terminal, table)) == []
        assert len(server.asked) == asked
    assert not (tmp_path / "wrong.weights").exists()
    assert (tmp_path / "right.weights").read_bytes() == (tmp_path / "new.weights").read_bytes() == CONTENT


def test_a_wrong_file_put_there_by_hand_is_not_written_over(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "right.weights").write_bytes(b"mine")
    table = [_entry("right", "http://127.0.0.1:9/", CONTENT)]
    assert list(fetch_all(["right"], tmp_path, terminal, table)) == ["right"]
    assert "right.weights has sha256" in _said(terminal)
    assert (tmp_path / "right.weights").read_bytes() == b"mine"


def test_verify_names_what_is_wrong_and_what_is_missing(terminal: Terminal, tmp_path: Path) -> None:
    table = [_entry(key, "https://example.org/", CONTENT) for key in ("good", "bad", "gone")]
    (tmp_path / "good.weights").write_bytes(CONTENT)
    (tmp_path / "bad.weights").write_bytes(CONTENT[:-1])
    assert list(verify_all([], tmp_path, terminal, table)) == ["bad"]
    assert list(verify_all(["good", "gone"], tmp_path, terminal, table)) == ["gone"]
    assert "gone.weights is missing; download it with `lap weights fetch gone`" in _said(terminal)


def test_the_list_shows_chosen_files_and_their_state(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedder="sscd", face_detector="none", head_detector="lap-tiny", upscaler="none")
    assert needed(settings) == ["sscd"]
    (tmp_path / find_weights("sscd").file).write_bytes(b"<html>")
    rows = {row["name"]: row for row in weight_rows(settings, tmp_path)}
    assert rows.keys() == {entry.key for entry in weight_files()}
    assert [name for name, row in rows.items() if row["chosen"]] == ["sscd"]
    assert {name for name, row in rows.items() if row["state"] == "missing"} == rows.keys() - {"sscd"}
    assert rows["sscd"]["state"] == "wrong"
    assert "is a web page" in str(rows["sscd"]["problem"])


def test_the_command_lists_as_json_and_ends_with_a_status(lap: Lap, tmp_path: Path) -> None:
    home = tmp_path / "home"
    result = lap("weights", "list", "--json", LAP_HOME=home)
    assert {row["name"] for row in json.loads(result.stdout)} == {entry.key for entry in weight_files()}
    (home / "weights").mkdir(parents=True)
    (home / "weights" / find_weights("hysts-yolov3").file).write_bytes(b"cut")
    result = lap("weights", "verify", LAP_HOME=home)
    assert result.returncode == 1
    assert "hysts-yolov3" in result.stderr
    result = lap("weights", "fetch", "yolo", LAP_HOME=home)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "'yolo'; expected one of: animesion-vit-l16, sscd" in result.stderr
