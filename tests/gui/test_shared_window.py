"""The shared parts in real windows: the viewport, thumbnails, keys, several windows at once."""

import gc
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import font as tkfont

import pytest
from PIL import Image

from lap_assets.pictures.gate import Limits
from lap_gui.comparer.card import Card
from lap_gui.explorer.captions import Captions
from lap_gui.labeler.commands import help_rows
from lap_gui.shared.fitted import FittedLabel
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Command, Keymap
from lap_gui.shared.loading import picture_loader
from lap_gui.shared.pictures import read_picture, read_thumbnail
from lap_gui.shared.rows import Rows, RowTexts
from lap_gui.shared.status import StatusLine
from lap_gui.shared.thumbnail_cell import Caption
from lap_gui.shared.thumbnails import Thumbnails
from lap_gui.shared.viewport import Viewport
from lap_gui.shared.window import ToolWindow
from tests.gui.hands import Hands, grab, settle, wait_for

Draw = Callable[..., Path]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Write a picture of one color."""

    def make(name: str, size: tuple[int, int] = (300, 400), color: str = "red", **options: object) -> Path:
        path = tmp_path / name
        Image.new("RGB", size, color).save(path, **options)  # type: ignore[arg-type]
        return path

    return make


@pytest.fixture
def window(display: str) -> Iterator[ToolWindow]:
    made = ToolWindow("test", (900, 700))
    yield made
    made.close()


@pytest.fixture
def viewport(window: ToolWindow) -> Viewport:
    made = Viewport(window.root)
    made.pack(fill="both", expand=True)
    settle(window.root)
    return made


def test_29_there_is_one_picture_item_however_often_it_is_zoomed(
    window: ToolWindow, viewport: Viewport, hands: Hands, draw: Draw
) -> None:
    viewport.show(read_picture(draw("a.png", (1200, 1600))))
    hands.on(window)
    items, photos = len(viewport.find_all()), len(window.root.tk.splitlist(window.root.tk.call("image", "names")))
    at = (500.0, 200.0)
    before = viewport.view.to_picture(*at)
    hands.wheel(viewport, *at, 12)
    assert viewport.view.zoom > 5
    after = viewport.view.to_picture(*at)
    assert abs(before[0] - after[0]) < 3
    assert abs(before[1] - after[1]) < 3
    hands.drag(viewport, (300, 300), (350, 320), button=3)
    assert len(viewport.find_all()) == items
    assert len(window.root.tk.splitlist(window.root.tk.call("image", "names"))) == photos


def test_locked_viewports_follow_each_other(window: ToolWindow, hands: Hands, draw: Draw) -> None:
    one, two = Viewport(window.root), Viewport(window.root)
    for viewport, size in ((one, (400, 600)), (two, (800, 1200))):
        viewport.pack(side="left", fill="both", expand=True)
        viewport.show(read_picture(draw(f"{size[0]}.png", size)))
    one.lock(two)
    hands.on(window)
    hands.wheel(two, 100, 100, 3)
    hands.drag(one, (100, 100), (40, 60), button=3)
    assert one.view.zoom == two.view.zoom > 1
    assert one.view.center == pytest.approx(two.view.center)


def test_33_a_second_window_leaves_the_first_ones_pictures_alone(display: str, draw: Draw) -> None:
    windows, viewports = [ToolWindow(str(n), (400, 400)) for n in range(2)], []
    for window, color in zip(windows, ("red", "blue"), strict=True):
        viewports.append(Viewport(window.root))
        viewports[-1].pack(fill="both", expand=True)
        settle(window.root)
        viewports[-1].show(read_picture(draw(f"{color}.png", color=color)))
        settle(window.root)
    windows[1].close()
    viewports[0].zoom(1)
    settle(windows[0].root)
    assert grab(viewports[0]).getpixel((200, 200)) == (255, 0, 0)
    windows[0].close()


def test_closing_one_window_does_not_end_the_run_of_another(display: str) -> None:
    first, second = ToolWindow("1"), ToolWindow("2")
    order: list[str] = []

    def close(window: ToolWindow, name: str) -> None:
        order.append(name)
        window.close()

    first.root.after(10, lambda: close(second, "second"))
    first.root.after(60, lambda: close(first, "first"))
    first.run()
    assert order == ["second", "first"]


def test_23_exif_is_applied_in_the_view_and_in_thumbnails(draw: Draw) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = draw("turned.jpg", (300, 400), exif=exif)
    assert read_picture(path).size == (400, 300)
    small = read_thumbnail(path, (100, 100))
    assert small.size == (400, 300)
    assert small.image.size == (100, 75)


@pytest.mark.parametrize("body", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut"])
def test_an_unreadable_picture_says_why(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(body)
    assert "cannot be read" in str(read_picture(path).problem)
    assert "cannot be read" in str(read_thumbnail(path, (9, 9)).problem)
    assert read_picture(tmp_path / "none.jpg").problem == "the file is missing"


def test_a_picture_with_too_many_pixels_is_refused(draw: Draw) -> None:
    assert "more than the 39,999 that LAP_MAX_PIXELS allows" in str(
        read_picture(draw("a.png", (200, 200)), Limits(pixels=39_999)).problem
    )
    assert read_picture(draw("a.png", (200, 200)), Limits(pixels=40_000)).problem is None


def test_the_cache_stays_within_its_bytes_and_keeps_what_is_wanted_first(draw: Draw) -> None:
    paths = [draw(f"{n}.png", (100, 100)) for n in range(10)]
    loader = picture_loader(max_bytes=95_000)
    try:
        for path in paths:
            loader.want([path])
            loader.now(path)
            assert loader.held_bytes <= 95_000
            assert loader.get(path) is not None
        assert loader.get(paths[0]) is None
    finally:
        loader.close()


def test_thumbnails_draw_only_what_is_seen(window: ToolWindow, hands: Hands, draw: Draw) -> None:
    paths = [draw(f"{n}.png", (60, 80)) for n in range(40)]
    picked: list[int] = []
    strip = Thumbnails(window.root, picked.append, lambda index: Caption(str(index)))
    strip.pack(side="bottom", fill="x")
    strip.set_paths(paths * 1000)
    hands.on(window)
    wait_for(window.root, lambda: not strip.loader.is_busy)
    canvas = next(child for child in strip.winfo_children() if isinstance(child, tk.Canvas))
    assert len(canvas.find_all()) < 40
    hands.click(canvas, 200, 50)
    strip.see(20_000)
    settle(window.root)
    hands.click(canvas, 450, 50)
    assert picked[0] == 1
    assert abs(picked[1] - 20_000) <= 4
    strip.lay_out(3)
    settle(window.root)
    strip.stop()


@pytest.mark.parametrize("size", [(480, 320), (800, 600), (1366, 768)])
@pytest.mark.parametrize("dpi", [96, 192])
def test_all_of_the_help_can_be_read_in_windows_of_any_size(
    display: str, hands: Hands, size: tuple[int, int], dpi: int
) -> None:
    window = ToolWindow("help", size)
    window.root.tk.call("tk", "scaling", dpi / 72)
    settle(window.root)
    try:
        sheet = Help(window.root, "Labeler", help_rows())
        hands.on(window)
        sheet.toggle()
        settle(window.root)
        assert not sheet.is_cut_off
        last = max(labels_in(sheet), key=lambda label: label.winfo_rooty())
        for _ in range(200):
            if last.winfo_rooty() + last.winfo_height() <= window.root.winfo_rooty() + size[1]:
                break
            hands.wheel(window.root, size[0] / 2, size[1] / 2, -1)
        assert window.root.winfo_rooty() <= last.winfo_rooty()
        assert last.winfo_rooty() + last.winfo_height() <= window.root.winfo_rooty() + size[1]
    finally:
        window.root.tk.call("tk", "scaling", 96 / 72)  # it holds for all windows of the display
        window.close()


def labels_in(widget: tk.Misc) -> list[tk.Label]:
    inner = [one for child in widget.winfo_children() for one in labels_in(child)]
    return [widget, *inner] if isinstance(widget, tk.Label) else inner


COMMANDS = (
    Command("copy", ("c",), "copy"),
    Command("save", ("Ctrl+s",), "save"),
    Command("end", ("Shift+e",), "end"),
    Command("plus", ("+",), "class 13"),
    Command("equal", ("=",), "class 12"),
    Command("close bracket", ("]",), "class 15"),
    Command("one", ("1",), "class 1"),
    Command("next", ("Space",), "next"),
)


@pytest.fixture
def pressed(window: ToolWindow, hands: Hands) -> list[str]:
    told: list[str] = []
    keymap = Keymap(COMMANDS)
    handlers = {c.name: (lambda name=c.name: told.append(name)) for c in COMMANDS}
    keymap.bind(window.root, handlers, gate=window.gate, refused=told.append)
    hands.on(window)
    return told


def test_keys_signs_and_modifiers_are_told_apart(pressed: list[str], hands: Hands) -> None:
    for chord in ("c", "Ctrl+s", "Shift+e", "e", "plus", "equal", "bracketright", "1", "space", "Alt+c"):
        hands.press(chord)
    for chord in ("Num_Lock", "KP_1", "Num_Lock"):
        hands.press(chord)
    assert pressed == ["copy", "save", "end", "plus", "equal", "close bracket", "one", "next", "one"]


def test_30_keys_work_with_caps_lock(pressed: list[str], hands: Hands) -> None:
    hands.caps_lock()
    for chord in ("c", "Ctrl+s", "Shift+e", "e"):
        hands.press(chord)
    hands.caps_lock()
    assert pressed == ["copy", "save", "end"]


def test_30_keys_work_on_a_cyrillic_layout(pressed: list[str], hands: Hands) -> None:
    layout = {"c": ("es", "ES"), "s": ("yeru", "YERU"), "e": ("u", "U"), "bracketright": ("hardsign", "HARDSIGN")}
    for latin, (lower, upper) in layout.items():
        hands.relabel(latin, f"Cyrillic_{lower}", f"Cyrillic_{upper}")
    try:
        for chord in ("Cyrillic_es", "Ctrl+Cyrillic_yeru", "Shift+Cyrillic_u", "Cyrillic_hardsign"):
            hands.press(chord)
    finally:
        for keysym, latin in zip([f"Cyrillic_{lower}" for lower, _ in layout.values()], layout, strict=True):
            hands.relabel(keysym, latin, "braceright" if latin == "bracketright" else latin.upper())
    assert pressed == ["copy", "save", "end", "close bracket"]


def test_30_keys_work_by_their_place_where_the_layout_has_another_script(pressed: list[str], hands: Hands) -> None:
    hands.relabel("c", "Greek_psi", "Greek_PSI")
    try:
        hands.code(54)
    finally:
        hands.relabel("Greek_psi", "c", "C")
    assert pressed == ["copy"]


def test_two_commands_cannot_share_a_key() -> None:
    with pytest.raises(ValueError, match="a is the key of one and of two"):
        Keymap([Command("one", ("a",), ""), Command("two", ("a",), "")])


def test_33_a_closed_window_may_be_collected_in_any_thread(display: str) -> None:
    """Tcl aborts the whole process if an interpreter is deleted in a thread other than its own."""
    program = """
import gc, threading, tkinter
from PIL import Image, ImageTk
from lap_gui.shared.window import ToolWindow
gc.disable()
window = ToolWindow("gone")
window.photo = ImageTk.PhotoImage(Image.new("RGB", (9, 9)), master=window.root)
tkinter.StringVar(window.root)
window.close()
del window
thread = threading.Thread(target=gc.collect)
thread.start()
thread.join()
print("still here")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600)
    assert (ended.returncode, ended.stdout) == (0, "still here\n"), ended.stderr


def test_no_font_of_a_window_is_deleted_by_the_garbage_collector(window: ToolWindow) -> None:
    """It may run in a decoder's thread, which would wait a second for Tk for each font of a closed window."""
    root = window.root
    thumbnails = Thumbnails(root, lambda _index: None, lambda _index: Caption())
    kept: list[object] = [
        FittedLabel(root), StatusLine(root, lambda: ""), Card(root, "keep", "green"), Captions(tk.Canvas(root)),
        Rows(root, lambda _index: RowTexts("", (), ""), lambda: None, ""), thumbnails,
    ]  # fmt: skip
    fonts = [one for one in gc.get_objects() if isinstance(one, tkfont.Font)]
    assert len(fonts) > len(kept)
    assert not any(font.delete_font for font in fonts)
    thumbnails.stop()
