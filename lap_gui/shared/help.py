"""The help: a sheet over the window, built from the tool's table of commands."""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from lap_gui.shared import theme
from lap_gui.shared.keys import Command
from lap_gui.shared.wheel import bind_wheel

_SETTINGS: Final = ((3, 260), (2, 260), (1, 260), (1, 160), (1, 80))
"""Numbers of columns, and the px at which texts wrap, from wide windows to narrow ones."""
_MARGIN: Final = 8
"""Px left free around a sheet that fills its window."""
_NOTCH: Final = 60


class Help(tk.Frame):
    """Covers `master` while it is open; a click closes it. Groups fill as many columns as fit.

    If the sheet is higher than the window, the wheel and a bar scroll it.
    """

    def __init__(self, master: tk.Misc, title: str, commands: Sequence[Command]) -> None:
        super().__init__(master, background=theme.PANEL, highlightbackground=theme.ACCENT, highlightthickness=1)
        self.is_open = False
        self._master, self._title, self._commands = master, title, commands
        self._canvas = tk.Canvas(self, background=theme.PANEL, highlightthickness=0, borderwidth=0)
        self._bar = tk.Scrollbar(self, command=self._canvas.yview, **theme.SCROLLBAR)
        self._canvas.configure(yscrollcommand=self._bar.set)
        self._canvas.pack(side="left", fill="both", expand=True)
        self._sheet = tk.Frame(self._canvas)

    def toggle(self) -> None:
        """Open or close the help."""
        if self.is_open:
            self.close()
            return
        self.is_open = True
        self._fill()
        self.place(relx=0.5, rely=0.5, anchor="center")
        self.tkraise()

    def close(self) -> None:
        """Hide the help."""
        self.is_open = False
        self.place_forget()

    @property
    def is_cut_off(self) -> bool:
        """Return whether part of the sheet is out of sight even by scrolling."""
        return self._sheet.winfo_reqwidth() > self._canvas.winfo_width()

    def _fill(self) -> None:
        """Rebuild the sheet for the window's current size."""
        beside = 2 * _MARGIN + self._bar.winfo_reqwidth()
        room = self._master.winfo_width() - beside, self._master.winfo_height() - 2 * _MARGIN
        for columns, wrap in _SETTINGS:
            self._sheet.destroy()
            self._sheet = _sheet(self._canvas, self._title, self._commands, columns, wrap)
            self._sheet.update_idletasks()
            if self._sheet.winfo_reqwidth() <= room[0]:
                break
        wide, high = self._sheet.winfo_reqwidth(), self._sheet.winfo_reqheight()
        self._canvas.delete("all")
        self._canvas.create_window(0, 0, anchor="nw", window=self._sheet)
        self._canvas.configure(width=wide, height=min(high, room[1]), scrollregion=(0, 0, wide, high))
        self._canvas.yview_moveto(0)
        if high > room[1]:
            self._bar.pack(side="right", fill="y")
        else:
            self._bar.pack_forget()
        for widget in _all(self._sheet):
            widget.bind("<Button-1>", lambda _event: self.close())
            bind_wheel(widget, lambda steps, _event: self._scroll(steps))

    def _scroll(self, steps: int) -> None:
        high = max(1, self._sheet.winfo_reqheight())
        self._canvas.yview_moveto(self._canvas.yview()[0] - steps * _NOTCH / high)


def _sheet(master: tk.Misc, title: str, commands: Sequence[Command], columns: int, wrap: int) -> tk.Frame:
    sheet = tk.Frame(master, background=theme.PANEL)
    tk.Label(sheet, text=title, font=theme.TITLE, fg=theme.TEXT, bg=theme.PANEL).pack(anchor="w", padx=24, pady=12)
    body = tk.Frame(sheet, background=theme.PANEL)
    body.pack(padx=24, pady=(0, 20))
    stacks = [tk.Frame(body, background=theme.PANEL) for _ in range(columns)]
    heights = [0] * columns
    for number, stack in enumerate(stacks):
        stack.pack(side="left", anchor="n", padx=(0, 28 if number + 1 < columns else 0))
    for group in dict.fromkeys(command.group for command in commands):
        rows = [command for command in commands if command.group == group]
        shortest = heights.index(min(heights))
        heights[shortest] += len(rows) + 2
        _group(stacks[shortest], group, rows, wrap)
    return sheet


def _group(stack: tk.Frame, title: str, rows: Sequence[Command], wrap: int) -> None:
    frame = tk.Frame(stack, background=theme.PANEL)
    frame.pack(anchor="w", pady=(0, 14))
    tk.Label(frame, text=title, font=theme.BOLD, fg=theme.ACCENT, bg=theme.PANEL).grid(
        columnspan=2, sticky="w", pady=(0, 3)
    )
    for row, command in enumerate(rows, start=1):
        tk.Label(frame, text=command.shown, font=theme.SMALL, fg=theme.TEXT, bg=theme.PANEL).grid(
            row=row, column=0, sticky="nw", padx=(0, 14)
        )
        tk.Label(
            frame, text=command.text, font=theme.SMALL, fg=theme.QUIET, bg=theme.PANEL, justify="left", wraplength=wrap
        ).grid(row=row, column=1, sticky="w")


def _all(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(inner for child in widget.winfo_children() for inner in _all(child))]
