"""The help: a sheet over the window, made from the tool's one table of commands."""

import tkinter as tk
from collections.abc import Sequence

from lap_gui.shared import theme
from lap_gui.shared.keys import Command


class Help(tk.Frame):
    """Lies over `master` while it is open; a click closes it. Groups are set in columns."""

    def __init__(self, master: tk.Misc, title: str, commands: Sequence[Command], columns: int = 3) -> None:
        super().__init__(master, background=theme.PANEL, highlightbackground=theme.ACCENT, highlightthickness=1)
        self.is_open = False
        tk.Label(self, text=title, font=theme.TITLE, fg=theme.TEXT, bg=theme.PANEL).pack(anchor="w", padx=24, pady=12)
        body = tk.Frame(self, background=theme.PANEL)
        body.pack(padx=24, pady=(0, 20))
        stacks = [tk.Frame(body, background=theme.PANEL) for _ in range(columns)]
        heights = [0] * columns
        for stack in stacks:
            stack.pack(side="left", anchor="n", padx=(0, 28))
        for group in dict.fromkeys(command.group for command in commands):
            rows = [command for command in commands if command.group == group]
            shortest = heights.index(min(heights))
            heights[shortest] += len(rows) + 2
            _group(stacks[shortest], group, rows)
        for widget in _all(self):
            widget.bind("<Button-1>", lambda _event: self.close())

    def toggle(self) -> None:
        """Opens or closes it."""
        if self.is_open:
            self.close()
            return
        self.is_open = True
        self.place(relx=0.5, rely=0.5, anchor="center")
        self.tkraise()

    def close(self) -> None:
        """Puts it away."""
        self.is_open = False
        self.place_forget()


def _group(stack: tk.Frame, title: str, rows: Sequence[Command]) -> None:
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
            frame, text=command.text, font=theme.SMALL, fg=theme.QUIET, bg=theme.PANEL, justify="left", wraplength=260
        ).grid(row=row, column=1, sticky="w")


def _all(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(inner for child in widget.winfo_children() for inner in _all(child))]
