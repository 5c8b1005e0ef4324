"""Key handling while a group is shown instead of a pair. `grouping` records the verdicts."""

from collections.abc import Callable

from lap_gui.comparer.group_view import GroupView
from lap_gui.comparer.grouping import all_different, group_of, keep_best
from lap_gui.comparer.session import ReviewSession
from lap_gui.shared.status import Tone


class GroupMode:
    """The group of the current pair, in a grid over it, shown by `view`.

    `say` shows a message, `then` continues with the next pair and a message, `failed` reports that nothing was saved.
    """

    def __init__(
        self,
        session: ReviewSession,
        view: GroupView,
        say: Callable[[str, Tone], None],
        then: Callable[[str], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._session, self._say, self._then, self._failed = session, say, then, failed
        self.view = view
        view.changed = self.describe

    @property
    def is_open(self) -> bool:
        """Whether a group is shown."""
        return self.view.is_open

    def toggle(self) -> None:
        """Show all posters that probably match the current picture, or the pair again."""
        if self.view.is_open:
            self.leave()
            return
        pair = self._session.pair
        group = None if pair is None else group_of(self._session, pair)
        if group is None:
            self._say("no other poster probably shows this picture", "warn")
        elif problems := self.view.open(group):
            self._say(f"{len(problems)} of the group cannot be shown, {problems[0]}", "warn")
        else:
            self.describe()

    def leave(self) -> None:
        """Show the pair again."""
        if self.view.is_open:
            self.view.close()
            self._say("", "plain")

    def describe(self) -> None:
        """Show a message on what the keys do to the group."""
        if (group := self.view.group) is not None:
            out = len(self.view.out)
            words = f"{len(group.posters) - out} are one picture" + (f", {out} are not" if out else "")
            self._say(f"{words}: Space keeps the best, R all, a click takes one out", "plain")

    def keep_best(self) -> None:
        """Record that all but the clicked posters are one picture, of which the best stays."""
        if (group := self.view.group) is not None:
            self._decide(lambda: keep_best(self._session, group, self.view.out), "posters are removed")

    def keep_all(self) -> None:
        """Record that all are different."""
        if (group := self.view.group) is not None:
            self._decide(lambda: all_different(self._session, group), "pairs are not duplicates")

    def _decide(self, work: Callable[[], int], what: str) -> None:
        try:
            number = work()
        except OSError as error:
            self._failed(error)
            return
        self._then(f"{number} {what}; BackSpace takes it back" if number else "nothing was left to decide in the group")
