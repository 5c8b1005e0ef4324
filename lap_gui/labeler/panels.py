"""The Labeler's widgets around the image: header, classes, scrollbars, the "go to" line. No labeling rules."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from lap_gui.labeler.class_names import ClassNames
from lap_gui.labeler.commands import CLASS_KEYS
from lap_gui.shared import theme
from lap_gui.shared.fitted import FittedLabel
from lap_gui.shared.viewport import Viewport

_PAD: Final = 10


class Header(tk.Frame):
    """The image's name and state, and the help button."""

    def __init__(self, master: tk.Misc, on_help: Callable[[], None]) -> None:
        super().__init__(master, background=theme.PANEL)
        self.name = tk.Label(self, font=theme.BOLD, fg=theme.TEXT, bg=theme.PANEL)
        self.number = FittedLabel(self, font=theme.NORMAL, fg=theme.QUIET, bg=theme.PANEL)
        self.layer = tk.Label(self, font=theme.BOLD, fg=theme.GROUND, bg=theme.ACCENT, padx=8)
        self.reviewed = tk.Label(self, font=theme.BOLD, bg=theme.PANEL, padx=8)
        self.note = tk.Label(self, font=theme.BOLD, fg=theme.WARN, bg=theme.PANEL)
        help_button = tk.Label(self, text="HELP", font=theme.BOLD, fg=theme.TEXT, bg=theme.RAISED, padx=12, pady=3)
        help_button.pack(side="right", padx=_PAD)
        help_button.bind("<Button-1>", lambda _event: on_help())
        self.help_button = help_button
        self.name.pack(side="left", padx=(_PAD, 0), pady=6)
        self.number.pack(side="left", padx=(_PAD, 0), pady=6, fill="x", expand=True)
        self.bind("<Configure>", lambda _event: self._fit())

    def show(self, *, name: str, number: str, layer: str, reviewed: bool, note: str) -> None:
        """Show an image's name and state."""
        self.name.configure(text=name)
        self.number.show(number)
        self.layer.configure(text=layer)
        text, color = ("✓ reviewed", theme.GOOD) if reviewed else ("not reviewed", theme.QUIET)
        self.reviewed.configure(text=text, fg=color)
        self.note.configure(text=note)
        self._fit()

    def _fit(self) -> None:
        """Show the states that fit beside the name, the layer first; none is cut off."""
        room = self.winfo_width() - self.name.winfo_reqwidth() - self.help_button.winfo_reqwidth() - 4 * _PAD
        fitting = []
        for label in (self.layer, self.reviewed, self.note):
            room -= label.winfo_reqwidth() + _PAD
            if room >= 0:
                fitting.append(label)
        for label in (self.note, self.reviewed, self.layer):
            label.pack_forget()
        for label in reversed(fitting):
            label.pack(side="right", padx=(_PAD, 0), pady=6, before=self.number)


class ClassList(tk.Frame):
    """The classes and their keys, with that of the selected box highlighted. A click acts like the key."""

    def __init__(self, master: tk.Misc, classes: ClassNames, picked: Callable[[int], object]) -> None:
        super().__init__(master, background=theme.PANEL)
        tk.Label(self, text="Classes", font=theme.BOLD, fg=theme.ACCENT, bg=theme.PANEL).pack(
            anchor="w", padx=12, pady=(10, 6)
        )
        self._rows: dict[int, tk.Label] = {}
        for number, class_id in enumerate(sorted(classes.names)[: len(CLASS_KEYS)], start=1):
            row = tk.Label(
                self,
                text=f" {classes.keys.get(class_id, ' ')}   {classes.names[class_id]} ",
                font=theme.NORMAL,
                fg=theme.QUIET,
                bg=theme.PANEL,
                anchor="w",
            )
            row.pack(fill="x", padx=6, pady=1)
            row.bind("<Button-1>", lambda _event, number=number: picked(number))  # type: ignore[misc]
            self._rows[class_id] = row

    def highlight(self, class_id: int | None) -> None:
        """Highlight a class."""
        for one, row in self._rows.items():
            on = one == class_id
            row.configure(fg=theme.GROUND if on else theme.QUIET, bg=theme.ACCENT if on else theme.PANEL)


class ScrolledViewport(tk.Frame):
    """A viewport with scrollbars, which appear when there is something to scroll."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.GROUND)
        self.viewport = Viewport(self)
        self._across = tk.Scrollbar(self, orient="horizontal", command=lambda *arguments: self._scroll(0, *arguments))
        self._down = tk.Scrollbar(self, orient="vertical", command=lambda *arguments: self._scroll(1, *arguments))
        for bar in (self._across, self._down):
            bar.configure(**theme.SCROLLBAR)
        self.viewport.place(relwidth=1, relheight=1)
        self.viewport.on_view.append(self._show_bars)

    def _show_bars(self) -> None:
        view = self.viewport.view
        x1, y1, x2, y2 = view.visible()
        for bar, low, high, side, options in (
            (self._across, x1, x2, view.picture[0], {"relx": 0, "rely": 1, "anchor": "sw", "relwidth": 1}),
            (self._down, y1, y2, view.picture[1], {"relx": 1, "rely": 0, "anchor": "ne", "relheight": 1}),
        ):
            if high - low < side - 0.5 and self.viewport.picture is not None:
                bar.set(low / side, high / side)
                bar.place(**options)  # type: ignore[arg-type]
            else:
                bar.place_forget()

    def _scroll(self, axis: int, kind: str, value: str, unit: str = "") -> None:
        view = self.viewport.view
        low, high = view.visible()[axis], view.visible()[axis + 2]
        if kind == "moveto":
            by = float(value) * view.picture[axis] - low
        else:
            by = float(value) * (high - low) * (0.9 if unit == "pages" else 0.1)
        dx, dy = (-by * view.scale, 0.0) if axis == 0 else (0.0, -by * view.scale)
        self.viewport.look(view.panned(dx, dy))


class Ask(tk.Frame):
    """An input line over the image. Return submits it, Escape cancels it."""

    def __init__(self, master: tk.Misc, prompt: str, given: Callable[[str], None], closed: Callable[[], None]) -> None:
        super().__init__(master, background=theme.RAISED, highlightbackground=theme.ACCENT, highlightthickness=1)
        tk.Label(self, text=prompt, font=theme.NORMAL, fg=theme.TEXT, bg=theme.RAISED).pack(
            side="left", padx=10, pady=8
        )
        self.entry = tk.Entry(self, font=theme.NORMAL, width=34, fg=theme.TEXT, bg=theme.GROUND,
                              insertbackground=theme.TEXT, relief="flat")  # fmt: skip
        self.entry.pack(side="left", padx=(0, 10), pady=8)
        self._given, self._closed = given, closed
        self.entry.bind("<Return>", lambda _event: self._end(self.entry.get()))
        self.entry.bind("<KP_Enter>", lambda _event: self._end(self.entry.get()))
        self.entry.bind("<Escape>", lambda _event: self._end(""))
        self.place(relx=0.5, y=90, anchor="n")
        self.tkraise()
        self.entry.focus_force()

    def _end(self, text: str) -> str:
        given, closed = self._given, self._closed
        self.destroy()
        closed()
        if text.strip():
            given(text.strip())
        return "break"  # the window must not get the key, too
