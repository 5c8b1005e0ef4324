"""Past decisions on posters in words, newest first, and taking one back. Each tool shows them again in its own way."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from lap_assets.core.plain_text import printable
from lap_assets.core.verdicts.active import subject_of
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, Verdict
from lap_gui.review.recorder import Recorder
from lap_gui.shared.rows import RowTexts
from lap_gui.shared.status import Tone

HINT: Final = "↑ ↓ move  ·  Return shows it again  ·  Delete takes yours back  ·  Escape closes"
_WORDS: Final[dict[Verdict, str]] = {
    "duplicate": "duplicates", "distinct": "not duplicates: both are kept", "both_removed": "both are removed",
    "skip": "skipped", "unsure": "unsure",
}  # fmt: skip


class PastVerdicts:
    """The active verdicts that a recorder knows.

    `show` and `say` are the tool's; `changed` is called after a take-back.

    `alone`: other people's verdicts are hidden, so that two people answer independently.
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
        """Return the verdicts, newest first."""
        return [one for one in reversed(self._recorder.now_active()) if not self._alone or self._is_mine(one)]

    def title(self, items: Sequence[AnyVerdict]) -> str:
        """Return their numbers, by you and by others."""
        mine = sum(map(self._is_mine, items))
        others = f", {len(items) - mine:,} by others" if len(items) > mine else ""
        return f"Past decisions: {mine:,} by you{others}"

    def row(self, item: AnyVerdict) -> RowTexts:
        """Return a verdict in words, both names, the reviewer and the time."""
        is_mine = self._is_mine(item)
        by = "you" if is_mine else printable(item.reviewer)
        return RowTexts(what(item), _names(item), f"{by}  ·  {when(item.moment)}", is_mine)

    def show(self, item: AnyVerdict) -> bool:
        """Show the verdict's posters again."""
        return self._show(item)

    def take_back(self, item: AnyVerdict) -> None:
        """Take back a verdict of this reviewer with a line in the log, unless it changed in the meantime."""
        recorder, subject = self._recorder, subject_of(item)
        if not self._is_mine(item):
            self._say(f"only {printable(item.reviewer)} can take that back: Return shows it for you to decide", "warn")
            return
        try:
            recorder.catch_up()
            is_active = recorder.active_on(subject) == item
            if is_active:
                recorder.take_back(item)
        except OSError as error:
            self._say(f"not saved: {' '.join(str(error).split())}", "bad")
            return
        earlier = recorder.active_on(subject)
        again = "" if earlier is None else f"; your earlier decision counts again: {what(earlier)}"
        self._changed(item)
        self._say(f"taken back: {what(item)}{again}" if is_active else "changed in the meantime", "plain")

    def _is_mine(self, verdict: AnyVerdict) -> bool:
        return verdict.reviewer == self._recorder.reviewer


def what(verdict: AnyVerdict) -> str:
    """Return the decision in words."""
    return f"marked for removal in the {verdict.tool.title()}" if isinstance(verdict, Mark) else _WORDS[verdict.verdict]


def when(moment: datetime) -> str:
    """Return a time in this machine's time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _names(verdict: AnyVerdict) -> tuple[str, ...]:
    """Return the posters' names; of duplicates, the one that stays first."""
    if isinstance(verdict, Mark) or verdict.removed is None:
        return verdict.names
    kept = verdict.first if verdict.removed == verdict.second else verdict.second
    return f"{kept} stays,", f"{verdict.removed} is removed"
