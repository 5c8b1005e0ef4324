"""Past decisions on posters in words, newest first, and taking one back. Showing them again is each tool's own."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from lap_assets.core.plain_text import printable
from lap_assets.core.verdicts.active import subject_of
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, Verdict
from lap_gui.review.recorder import Recorder
from lap_gui.shared.rows import RowTexts
from lap_gui.shared.status import Tone

HINT: Final = "↑ ↓ walk  ·  Return shows it again  ·  Delete takes yours back  ·  Escape closes"
_WORDS: Final[dict[Verdict, str]] = {
    "duplicate": "duplicates", "distinct": "not duplicates: both are kept", "both_removed": "both are removed",
    "skip": "skipped", "unsure": "unsure",
}  # fmt: skip


class PastVerdicts:
    """The active verdicts that a recorder knows. `show` and `say` are the tool's; `changed` follows a take-back.

    `alone`: others' verdicts are not told, so that two people answer the same independently.
    """

    hint = HINT

    def __init__(
        self,
        recorder: Recorder,
        show: Callable[[AnyVerdict], bool],
        say: Callable[[str, Tone], object],
        changed: Callable[[AnyVerdict], object],
        *,
        alone: bool = False,
    ) -> None:
        self._recorder, self._show, self._say, self._changed, self._alone = recorder, show, say, changed, alone

    def items(self) -> Sequence[AnyVerdict]:
        """The verdicts, newest first."""
        return [one for one in reversed(self._recorder.now_active()) if not self._alone or self._is_mine(one)]

    def title(self, items: Sequence[AnyVerdict]) -> str:
        """How many there are, and whose."""
        mine = sum(map(self._is_mine, items))
        others = f", {len(items) - mine:,} by others" if len(items) > mine else ""
        return f"Past decisions: {mine:,} by you{others}"

    def row(self, item: AnyVerdict) -> RowTexts:
        """A verdict in words, both names, who gave it and when."""
        is_mine = self._is_mine(item)
        by = "you" if is_mine else printable(item.reviewer)
        return RowTexts(what(item), _names(item), f"{by}  ·  {when(item.moment)}", is_mine)

    def show(self, item: AnyVerdict) -> bool:
        """Shows its posters again."""
        return self._show(item)

    def take_back(self, item: AnyVerdict) -> None:
        """Takes a verdict of this reviewer back, by a line of the log, unless it changed meanwhile."""
        recorder, subject = self._recorder, subject_of(item)
        if not self._is_mine(item):
            self._say(f"that is {printable(item.reviewer)}'s: Return shows it again, for you to decide", "warn")
            return
        try:
            recorder.catch_up()
            is_active = recorder.active_on(subject) == item
            if is_active:
                recorder.take_back(item)
        except OSError as error:
            self._say(f"not saved: {' '.join(str(error).split())}", "bad")
            return
        before = recorder.active_on(subject)
        again = "" if before is None else f"; what you had decided before counts again: {what(before)}"
        self._changed(item)
        self._say(f"taken back: {what(item)}{again}" if is_active else "that was changed meanwhile", "plain")

    def _is_mine(self, verdict: AnyVerdict) -> bool:
        return verdict.reviewer == self._recorder.reviewer


def what(verdict: AnyVerdict) -> str:
    """What was decided, in words."""
    return f"marked for removal in the {verdict.tool.title()}" if isinstance(verdict, Mark) else _WORDS[verdict.verdict]


def when(moment: datetime) -> str:
    """A time as this machine's clock shows it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _names(verdict: AnyVerdict) -> tuple[str, ...]:
    """What it is about; of duplicates the one that stays first."""
    if isinstance(verdict, Mark) or verdict.removed is None:
        return verdict.names
    kept = verdict.first if verdict.removed == verdict.second else verdict.second
    return f"{kept} stays,", f"{verdict.removed} is removed"
