"""Commands that only read create no home, and report that there is none; a missing file is called missing."""

import socket
from pathlib import Path

import pytest

from tests.support import Lap

READING = [
    ("status",), ("status", "--json"), ("sites",), ("sites", "reset", "mal"), ("refresh", "--dry-run"), ("verify",),
    ("verify", "--repair"), ("why", "MAL00005_1018_120197.jpg"), ("rules", "preview"), ("verdicts", "check"),
    ("verdicts", "export", "out.jsonl"), ("review", "status"),
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_makes_no_home(lap: Lap, tmp_path: Path, command: tuple[str, ...]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for home, why in (
        (tmp_path / "none", "there is no such folder"),
        (tmp_path / "link", "there is no such folder (a link to"),
        (other, "a folder, but not a home"),
        (other / "notes.txt", "not a folder"),
    ):
        ended = lap(*command, LAP_HOME=home)
        assert ended.returncode == 2, ended.stdout + ended.stderr
        (line,) = ended.stderr.splitlines()
        assert line.startswith(f"lap: LAP_HOME={home}: {why}")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link", "notes.txt", "other"]


@pytest.mark.parametrize(
    "command",
    [
        ("verify", "none"), ("diff", "none", "other"), ("convert", "none.txt", "out", "--to", "coco"),
        ("verdicts", "import", "none.jsonl"), ("adopt", "none"),
        ("evaluate", "--truth", "none.txt", "--detections", "none.txt"),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_what_is_missing_is_called_missing(lap: Lap, tmp_path: Path, command: tuple[str, ...]) -> None:
    ended = lap(*command, LAP_HOME=tmp_path / "home")
    output = ended.stdout + ended.stderr
    assert ended.returncode in (1, 2), output
    assert "none" in output
    assert any(words in output.lower() for words in ("no such file", "no such folder", "is missing", "there is no")), (
        output
    )
    assert "Traceback" not in output
    assert list(tmp_path.iterdir()) == []


def test_the_ui_on_a_used_port_ends_at_once_and_leaves_nothing_behind(lap: Lap, tmp_path: Path) -> None:
    with socket.socket() as used:
        used.bind(("127.0.0.1", 0))
        used.listen()
        ended = lap("ui", "--port", str(used.getsockname()[1]), LAP_HOME=tmp_path / "home")
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert "port" in line
    assert list(tmp_path.iterdir()) == []
