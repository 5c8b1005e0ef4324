"""The Labeler with only Pillow and Tk, from its command line, and its messages when it cannot open."""

from pathlib import Path

import pytest

from tests.gui.bare import bare_python, run_bare
from tests.gui.labeling import folder

_USES = """
import sys, tkinter
from pathlib import Path
from lap_gui import LabelerGUI
window = LabelerGUI(False, (800, 600)).init_data(sys.argv[1], sys.argv[2:], 'labels_faces.txt', 'delcands.txt',
                                                 backup=True, start=1).window()
assert window.session.index == 1
window.root.update()
window.session.size = (200, 300)
window.session.draw((10, 10), (60, 60))
window.close()
heavy = {"dagster", "torch", "numpy", "polars", "pydantic", "httpx"} & set(sys.modules)
assert not heavy, heavy
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_python(tmp_path_factory.mktemp("bare") / "environment")


def test_the_labeler_works_with_pillow_alone(python: Path, display: str, tmp_path: Path) -> None:
    folder(tmp_path)
    files = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.jpg"))]
    ended = run_bare(python, "-c", _USES, str(tmp_path), *files)
    assert ended.returncode == 0, ended.stderr
    assert "10 10 60 60" in (tmp_path / "labels_faces.txt").read_text()


def test_its_command_line_says_in_one_line_what_is_wrong(python: Path, display: str, tmp_path: Path) -> None:
    assert "--readonly" in run_bare(python, "-m", "lap_gui.labeler", "--help").stdout
    (tmp_path / "empty").mkdir()
    for arguments, told in (
        ([str(tmp_path / "none")], "there is no such folder"),
        ([str(tmp_path / "empty")], "there are no images in this folder"),
        ([str(folder(tmp_path / "pictures")), "--start", "9"], "start=9: expected 0 to 2 for 3 images"),
    ):
        ended = run_bare(python, "-m", "lap_gui.labeler", *arguments)
        assert ended.returncode == 2
        assert told in ended.stderr
        assert len(ended.stderr.splitlines()) == 1


def test_without_a_display_it_says_so(python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    ended = run_bare(python, "-m", "lap_gui.labeler", str(folder(tmp_path)))
    assert ended.returncode == 2
    assert "no window can be opened" in ended.stderr or "need Tk" in ended.stderr
