"""The list of past decisions: a sheet over the window, used with the keyboard. The tools supply the decisions."""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from lap_gui.shared import theme
from lap_gui.shared.deciding import DecisionGate
from lap_gui.shared.fitted import FittedLabel
from lap_gui.shared.keys import Command, Keymap
from lap_gui.shared.rows import Rows, RowTexts

Item = TypeVar("Item")

OTHER_KEY: Final = "the list of past decisions is open: Escape closes it"
_KEYS: Final = Keymap(
    [
        Command("up", ("Up",), "newer"),
        Command("down", ("Down",), "older"),
        Command("page up", ("PageUp",), "a page newer"),
        Command("page down", ("PageDown",), "a page older"),
        Command("first", ("Home",), "the newest"),
        Command("last", ("End",), "the oldest"),
        Command("show", ("Return",), "show it again", decides=True),
        Command("take back", ("Delete",), "take it back", decides=True),
        Command("close", ("Escape",), "close the list"),
    ]
)


class PastSource(Protocol[Item]):
    """The content of a list. `hint`: the keys and what they do."""

    hint: str

    def items(self) -> Sequence[Item]:
        """Return the decisions, newest first."""

    def title(self, items: Sequence[Item]) -> str:
        """Return the heading of the list."""

    def row(self, item: Item) -> RowTexts:
        """Return the texts of a decision's row."""

    def show(self, item: Item) -> bool:
        """Show the pictures of a decision again. Returns whether that is possible; the list then closes."""

    def take_back(self, item: Item) -> None:
        """Take a decision back, or show why that is not possible."""


class PastList(tk.Frame, Generic[Item]):
    """Covers the window except its status line `below`. `closed` is called when a key closes it.

    Return and Delete act once per press, and only after the list has been on the screen.
    """

    def __init__(
        self,
        root: tk.Tk,
        source: PastSource[Item],
        below: tk.Misc,
        gate: DecisionGate,
        warn: Callable[[str], object],
        closed: Callable[[], object],
    ) -> None:
        super().__init__(root, background=theme.PANEL)
        self.is_open = False
        self.items: Sequence[Item] = ()
        self._source, self._below, self._gate, self._warn, self._closed = source, below, gate, warn, closed
        self._title = FittedLabel(self, font=theme.BOLD, fg=theme.TEXT, bg=theme.PANEL)
        self._title.pack(fill="x", padx=12, pady=(10, 0))
        hint = tk.Label(self, text=source.hint, font=theme.SMALL, fg=theme.QUIET, bg=theme.PANEL, justify="left")
        hint.pack(anchor="w", padx=12, pady=(0, 8))
        self.bind("<Configure>", lambda event: hint.configure(wraplength=max(1, event.width - 24)))
        self.rows = rows = Rows(self, lambda index: source.row(self.items[index]), self._show, "nothing yet")
        rows.pack(fill="both", expand=True)
        self._handlers: dict[str, Callable[[], object]] = {
            "up": lambda: rows.select(rows.selected - 1),
            "down": lambda: rows.select(rows.selected + 1),
            "page up": lambda: rows.select(rows.selected - rows.page),
            "page down": lambda: rows.select(rows.selected + rows.page),
            "first": lambda: rows.select(0),
            "last": lambda: rows.select(rows.count - 1),
            "show": self._show,
            "take back": self._take_back,
            "close": self.close,
        }

    @property
    def selected(self) -> Item | None:
        """The selected decision; None if there is none."""
        return self.items[self.rows.selected] if self.items else None

    def toggle(self) -> None:
        """Open the list with the newest decision selected, or close it."""
        if self.is_open:
            self.close()
            return
        self.is_open = True
        self.place(x=0, y=0, relwidth=1, relheight=1, height=-self._below.winfo_height())
        self.tkraise()
        self.update_idletasks()
        self._list(self._source.items(), 0)

    def close(self) -> None:
        """Hide the list and show the window again."""
        if self.is_open:
            self._hide()
            self._closed()

    def refresh(self) -> None:
        """Show the current decisions, and keep the selection; called after decisions were made or taken back."""
        if self.is_open:
            selected, previous = self.rows.selected, self.items
            items = self._source.items()
            kept = next((one for one in previous[selected : selected + 2] if one in items), None)
            self._list(items, selected if kept is None else items.index(kept))

    def press(self, event: "tk.Event[tk.Misc]", refusal: str | None) -> None:
        """Handle a key while the list is open. `refusal`: why it may not decide; None if it may."""
        name = _KEYS.find(event)
        if name is None:
            if event.char:  # no Shift or Ctrl alone
                self._warn(OTHER_KEY)
        elif _KEYS.is_deciding(name) and refusal is not None:
            self._warn(refusal)
        else:
            self._handlers[name]()

    def _hide(self) -> None:
        self.is_open = False
        self.place_forget()
        self._gate.reset()

    def _list(self, items: Sequence[Item], selected: int) -> None:
        self.items = items
        self._title.show(self._source.title(items))
        self.rows.count = len(items)
        self.rows.select(selected)
        self._gate.reset()

    def _show(self) -> None:
        if self.selected is not None and self._source.show(self.selected) and self.is_open:
            self._hide()

    def _take_back(self) -> None:
        if self.selected is not None:
            self._source.take_back(self.selected)
