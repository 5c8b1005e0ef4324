"""Marks on posters, undo and redo, and posters that people removed before. No Tk, no pictures.

A mark refers to content: it would remove every poster of the anime with the same bytes. So of two posters with the same
bytes, the first one marked is recorded as a duplicate of the other, by name, and only the last one gets a mark.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from lap_assets.core.names import mal_id_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.index import VerdictIndex
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict
from lap_assets.core.verdicts.sizes import SizeKey
from lap_gui.review.logs import Logs, by_reviewer
from lap_gui.review.recorder import Recorder


class Marking:
    """Everybody's marks, and this reviewer's next ones.

    `index`: what all verdicts mean for the posters. `marks_act`: whether marks remove posters.
    """

    def __init__(
        self,
        logs: Logs,
        reviewer: str,
        posters: Sequence[Poster],
        *,
        readonly: bool = False,
        marks_act: bool = True,
        size_key: Callable[[Poster], SizeKey] | None = None,
    ) -> None:
        """Read the logs.

        Args:
            logs: where verdicts are read and written.
            reviewer: the author of new marks.
            posters: the posters under review, with their content if known.
            readonly: whether to write nothing.
            marks_act: whether a mark removes its poster (the rule for marks).
            size_key: the size order of posters, used only if removals form a cycle.

        Raises:
            OSError: a log cannot be read.
        """
        self._posters = {poster.name: poster for poster in posters}
        self.marks_act = marks_act
        self.recorder = Recorder(logs, reviewer, self._concerns, readonly=readonly)
        self.problems = self.recorder.problems
        self.index = VerdictIndex(posters, self.recorder.active, marks_act=marks_act, size_key=size_key)
        self._marks: defaultdict[object, dict[str, AnyVerdict]] = defaultdict(dict)
        for verdict in self.recorder.active:
            self._take_in(None, verdict)
        self.recorder.changed = self._changed

    def change_since_shown(self, poster: Poster) -> str:
        """Return what happened to a poster since it was shown, in another window or by others; "" if nothing.

        Raises:
            OSError: a log cannot be read.
        """
        shown = self.is_marked(poster), self.is_removed(poster.name)
        if not self.recorder.catch_up() or (now := (self.is_marked(poster), self.is_removed(poster.name))) == shown:
            return ""
        if now[0] == shown[0]:
            return "was removed meanwhile" if now[1] else "is no longer removed"
        by = by_reviewer(verdict.reviewer for verdict in self._marks_on(poster))
        return f"was marked meanwhile by {by}" if now[0] else "was unmarked meanwhile"

    def toggle(self, poster: Poster, others: Sequence[Poster] = ()) -> bool:
        """Mark a poster, or take its marks back. Returns whether it is marked now.

        If somebody else changed the poster since it was shown, their change stays.

        Args:
            poster: its name and sha256.
            others: the other posters of its anime; an unmarked one with the same bytes is kept for it.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        shown_as_marked = self.is_marked(poster)
        if self.recorder.catch_up() and self.is_marked(poster) != shown_as_marked:
            return not shown_as_marked
        if marks := self._marks_on(poster):
            for verdict in marks:
                self.recorder.take_back(verdict)
            return False
        same = (one for one in others if one.sha256 == poster.sha256 and one != poster)
        twin = next((one for one in same if not self.is_marked(one)), None)
        reviewer = self.recorder.reviewer
        if twin is None:
            self.recorder.record(Mark(reviewer=reviewer, name=poster.name, sha256=poster.sha256, tool="explorer"))
        else:
            self.recorder.record(
                PairVerdict(
                    reviewer=reviewer, first=twin.name, first_sha256=twin.sha256, second=poster.name,
                    second_sha256=poster.sha256, verdict="duplicate", removed=poster.name,
                )
            )  # fmt: skip
        return True

    def undo(self) -> AnyVerdict | None:
        """Take the last step back. Returns its verdict.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        return self.recorder.undo()

    def redo(self) -> AnyVerdict | None:
        """Redo the step undone last. Returns its verdict.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        return self.recorder.redo()

    def is_marked(self, poster: Poster) -> bool:
        """Return whether somebody marked it; without a sha256, by name only."""
        return bool(self._marks_on(poster))

    def is_removed(self, name: str) -> bool:
        """Return whether people removed it in favor of another picture, or together with one."""
        poster = self._posters.get(name, Poster(name))
        in_pairs = any(_marked_name(verdict) is None for verdict in self.index.removing(poster))
        return in_pairs and self.index.is_removed(poster)

    def waits(self, candidates: Iterable[tuple[str, str]]) -> bool:
        """Return whether one of these pairs is undecided."""
        at = self._posters
        states = (self.index.state(at.get(a, Poster(a)), at.get(b, Poster(b))) for a, b in candidates)
        return any(state in ("open", "left_open", "conflict") for state in states)

    def removed(self) -> set[str]:
        """Return the names of the posters under review for which `is_removed` holds."""
        return {name for name in self._posters if self.is_removed(name)}

    def marked(self) -> list[str]:
        """Return the names of the marked posters under review, in order."""
        found = {_marked_name(verdict) for verdicts in self._marks.values() for verdict in verdicts.values()}
        return sorted(name for name in found if name is not None and name in self._posters)

    def _marks_on(self, poster: Poster) -> list[AnyVerdict]:
        """The verdicts that mark a poster: marks on its content, or on its name where its content is not known."""
        found = {**self._marks.get(poster.name, {})}
        if poster.sha256:
            found |= self._marks.get((mal_id_of(poster.name), poster.sha256), {})
            found = {one: verdict for one, verdict in found.items() if _marked_content(verdict) == poster.sha256}
        return [found[one] for one in sorted(found)]

    def _changed(self, before: AnyVerdict | None, after: AnyVerdict | None) -> None:
        self.index.apply(before, after)
        self._take_in(before, after)

    def _take_in(self, before: AnyVerdict | None, after: AnyVerdict | None) -> None:
        if before is not None:
            for key in _keys(before):
                self._marks[key].pop(before.id, None)
        if after is not None:
            for key in _keys(after):
                self._marks[key][after.id] = after

    def _concerns(self, verdict: AnyVerdict) -> bool:
        return _marked_name(verdict) in self._posters


def _marked_name(verdict: AnyVerdict) -> str | None:
    """Return the poster that a verdict marks; None if it is not a mark."""
    if isinstance(verdict, Mark):
        return verdict.name
    return verdict.removed if verdict.verdict == "duplicate" and verdict.first_sha256 == verdict.second_sha256 else None


def _marked_content(verdict: AnyVerdict) -> str:
    return verdict.sha256 if isinstance(verdict, Mark) else verdict.first_sha256


def _keys(verdict: AnyVerdict) -> list[object]:
    """Return the names and contents under which a mark is found; for one of two identical files, only its name."""
    name = _marked_name(verdict)
    if name is None:
        return []
    return [name, (mal_id_of(name), verdict.sha256)] if isinstance(verdict, Mark) else [name]
