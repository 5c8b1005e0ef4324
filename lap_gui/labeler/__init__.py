"""The Labeler: people draw boxes on images and classify them; labels are kept in the original's format."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lap_assets.core.errors import InputError
from lap_assets.core.garbage import uncollected
from lap_assets.core.labels.files import DEFAULT_LABELS, DELCANDS
from lap_gui.labeler.opening import Opening as Opening
from lap_gui.labeler.opening import open_session, opening
from lap_gui.shared.errors import lacking

if TYPE_CHECKING:
    from lap_gui.labeler.window import LabelerWindow


class LabelerGUI:
    """The Labeler from Python, with the original's arguments: `LabelerGUI().init_data(root, files).run()`."""

    def __init__(
        self,
        maximized: bool = False,
        window_size: tuple[int, int] = (1600, 900),
        thumb_size: tuple[int, int] = (120, 150),
    ) -> None:
        self._maximized, self._size, self._thumbnail = maximized, window_size, thumb_size
        self._opening: Opening | None = None

    def init_data(
        self,
        root: str | Path,
        files: Sequence[str] | None = None,
        labels: str | Path = DEFAULT_LABELS,
        delcands: str | Path = DELCANDS,
        backup: bool = False,
        readonly: bool = False,
        start: int = 0,
    ) -> Self:
        """Set what to label: `files` below `root` (None: all images there). Label files are also in `root`."""
        chosen = opening(Path(root), labels, delcands)
        return self.use(replace(chosen, files=files, backup=backup, readonly=readonly, start=start))

    def use(self, what: Opening) -> Self:
        """Set what to label, with all options."""
        self._opening = what
        return self

    def window(self) -> "LabelerWindow":
        """Open the window without running it.

        Raises:
            InputError: there is nothing to label, or an argument is invalid.
            FileError: a label file, or a `keys.toml` beside it, cannot be used.
            NoWindow: no window can be opened.
            LockHeld: another window has the labels open.
        """
        try:
            from lap_gui.labeler.commands import KEYS
            from lap_gui.labeler.window import LabelerWindow
            from lap_gui.shared.own_keys import with_own_keys
        except ImportError as error:
            raise lacking(error) from None
        if self._opening is None:
            raise InputError("nothing to label: call init_data first")
        keys = with_own_keys("labeler", KEYS, self._opening.labels.parent)
        with uncollected():
            opened = open_session(self._opening)
        try:
            return LabelerWindow(opened, self._size, self._thumbnail, maximized=self._maximized, keys=keys)
        except BaseException:
            opened.session.close()
            raise

    def run(self) -> None:
        """Open the window and run it until it is closed; raises as `window`."""
        self.window().run()
