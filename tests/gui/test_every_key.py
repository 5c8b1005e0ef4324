"""Every key of every help sheet, pressed in a real window, shows an effect or says why there is none."""

import time
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from lap_assets.core.verdicts.contents import Poster
from lap_gui import LabelerGUI
from lap_gui.comparer.commands import KEYS as COMPARER
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.commands import KEYS as EXPLORER
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.labeler.commands import COMMANDS as LABELER
from lap_gui.labeler.commands import KEYS as LABELER_KEYS
from lap_gui.labeler.commands import help_rows
from lap_gui.labeler.opening import opening
from lap_gui.labeler.panels import Ask
from lap_gui.labeler.parts import BoxSelection
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Command, Keymap
from lap_gui.shared.past import PastList
from lap_gui.shared.status import StatusLine
from lap_gui.shared.window import ToolWindow
from tests.gui.hands import Hands, grab, settle, wait_for
from tests.gui.labeling import folder, names

SIZE: Final = (900, 640)
KEYSYMS: Final = {
    "Space": "space", "-": "minus", "=": "equal", "+": "plus", "_": "underscore", "]": "bracketright", ",": "comma",
    ".": "period", "?": "question", "PageUp": "Prior", "PageDown": "Next",
}  # fmt: skip
NOTHING: Final = "nothing was pressed yet"


@dataclass(frozen=True)
class Tool:
    """A window, its status line, whether nothing is pending, and how to prepare for a key."""

    window: ToolWindow
    status: StatusLine
    is_ready: Callable[[], bool]
    prepare: Callable[[], object] = lambda: None

    def picture(self) -> Image.Image:
        """Return a picture of the window above the status line, once it no longer changes."""
        root = self.window.root
        wait_for(root, self.is_ready)
        before = None
        while before is None or before.tobytes() != (now := self._shot()).tobytes():
            before = self._shot()
            time.sleep(0.02)
        return now

    def _shot(self) -> Image.Image:
        root = self.window.root
        settle(root)
        whole = grab(root)
        return whole.crop((0, 0, whole.width, self.status.winfo_y()))


def keysym(chord: str) -> str:
    *held, key = chord.split("+") if not chord.endswith("+") else [*filter(None, chord[:-1].split("+")), "+"]
    return "+".join([*held, KEYSYMS.get(key, key)])


def inside(widget: tk.Misc, kind: type[tk.Misc]) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        if isinstance(child, kind):
            yield child
        yield from inside(child, kind)


def put_away(tool: Tool, hands: Hands) -> None:
    """Close whatever a key opened over the window."""
    root = tool.window.root
    for sheet in (*inside(root, Help), *inside(root, PastList)):
        assert isinstance(sheet, Help | PastList)
        if sheet.is_open:
            sheet.close()
    for _ in list(inside(root, Ask)):
        hands.press("Escape")
    settle(root)


def mute(tool: Tool, hands: Hands, commands: Sequence[Command]) -> list[str]:
    """Return the keys without a visible effect or message. Keys that close the window come last."""
    found = []
    for chord, name in sorted(
        ((chord, command.name) for command in commands for chord in command.keys),
        key=lambda one: one[1] in ("abort", "quit"),
    ):
        put_away(tool, hands)
        tool.prepare()
        tool.status.say(NOTHING)
        facts = tool.status.facts
        hands.press(keysym(chord))
        if not tool.window.alive:
            break
        if tool.status.message in ("", NOTHING) and tool.status.facts == facts and not is_seen(tool, hands, chord):
            found.append(f"{chord} ({name})")
    return found


def is_seen(tool: Tool, hands: Hands, chord: str) -> bool:
    """Return whether the picture changes while a key is down, or a message appears at the second press."""
    put_away(tool, hands)
    tool.prepare()
    tool.status.say(NOTHING)
    before = tool.picture()
    hands.hold_down(keysym(chord))
    after = tool.picture()
    hands.up(keysym(chord))
    settle(tool.window.root)
    return after.tobytes() != before.tobytes() or tool.status.message not in ("", NOTHING)


@pytest.fixture
def comparer(windows: ExitStack, posters: Path, tmp_path: Path) -> Tool:
    all_names = sorted(path.name for path in posters.iterdir())
    pairs = [Pair(Poster(one), Poster(other), distance=3) for one in all_names for other in all_names if one < other]
    window = Comparer(ReviewSession(pairs, Logs(tmp_path / "v.jsonl"), "ann"), PosterFolder(posters), size=SIZE)
    windows.callback(window.close)

    def again() -> None:
        """Make sure that there is a pair to decide."""
        if window.session.undo() is not None:
            window.next()

    canvas = window.canvas
    return Tool(
        window, window.status, lambda: window.is_ready and not (canvas.lining_up.is_busy or canvas.is_letting_go), again
    )  # fmt: skip


@pytest.fixture
def explorer(windows: ExitStack, posters: Path, tmp_path: Path, hands: Hands) -> Tool:
    groups = Groups(PosterFolder(posters).groups())
    marking = Marking(Logs(tmp_path / "v.jsonl"), "ann", [Poster(path.name) for path in posters.iterdir()])
    window = Explorer(groups, marking, size=SIZE)
    windows.callback(window.close)
    settle(window.root)
    hands.move(window.grid.canvas, 300, 200)
    return Tool(window, window.status, lambda: window.is_ready)


Labelers = Callable[[bool], Tool]


@pytest.fixture
def labelers(windows: ExitStack, tmp_path: Path) -> Labelers:
    """Return a Labeler with a box selected before each key, or none."""
    return lambda selects: labeler(windows, tmp_path, selects=selects)


def labeler(windows: ExitStack, tmp_path: Path, *, selects: bool) -> Tool:
    one = names(3)[1]
    (tmp_path / "labels_faces.txt").write_text("".join(f"{name}: 20 30 90 120, 40 200 60 220\n" for name in names(3)))
    (tmp_path / "labels_faces_baseline.txt").write_text(f"{one}: 100 100 150 150 0.7\n")
    (tmp_path / "classes.txt").write_text("".join(f"{number}:class {number}\n" for number in range(15)))
    gui = LabelerGUI(window_size=SIZE).use(opening(folder(tmp_path, 3), "labels_faces.txt"))
    window = gui.window()
    windows.callback(window.close)

    def prepare() -> None:
        """Go to the middle image, with all its boxes."""
        session = window.session
        while session.history.undoable:
            session.undo()
        if window.filter or session.name != one:
            window.filter = 0
            session.narrow(lambda _name: True)
            session.go(1)
            window.renamed()
        wait_for(window.root, lambda: session.size is not None)
        session.select(BoxSelection(0) if selects else None)
        window.changed()

    return Tool(window, window.status, lambda: window.loader.is_busy is False, prepare)


def test_a_key_that_does_nothing_is_found(comparer: Tool, hands: Hands) -> None:
    hands.on(comparer.window)
    assert mute(comparer, hands, [Command("nothing", ("F9", "Shift+F9"), "")]) == ["F9 (nothing)", "Shift+F9 (nothing)"]


@pytest.mark.parametrize(("shown", "keymap"), [(COMPARER.commands, COMPARER), (EXPLORER.commands, EXPLORER),
                                               (help_rows(), LABELER_KEYS)])  # fmt: skip
def test_the_help_names_no_key_that_is_not_bound(shown: Sequence[Command], keymap: Keymap) -> None:
    bound = {chord for command in keymap.commands for chord in command.keys}
    named = {chord for command in shown for chord in command.keys}
    assert named <= bound
    mouse = [command for command in shown if not command.keys]
    assert all(command.mouse for command in mouse)


@pytest.mark.slow
def test_each_key_of_the_comparer_is_seen_or_answered(comparer: Tool, hands: Hands) -> None:
    hands.on(comparer.window)
    assert mute(comparer, hands, COMPARER.commands) == []
    assert not comparer.window.alive


@pytest.mark.slow
def test_each_key_of_the_explorer_is_seen_or_answered(explorer: Tool, hands: Hands) -> None:
    hands.on(explorer.window)
    assert mute(explorer, hands, EXPLORER.commands) == []
    assert not explorer.window.alive


@pytest.mark.slow
def test_each_key_of_the_labeler_is_seen_or_answered(labelers: Labelers, hands: Hands) -> None:
    tool = labelers(False)
    hands.on(tool.window)
    assert mute(tool, hands, LABELER) == []
    assert not tool.window.alive


@pytest.mark.slow
def test_each_key_for_a_box_of_the_labeler_is_seen_or_answered(labelers: Labelers, hands: Hands) -> None:
    tool = labelers(True)
    hands.on(tool.window)
    assert mute(tool, hands, [one for one in LABELER if one.group in ("Boxes", "Classes")]) == []
