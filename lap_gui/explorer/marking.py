"""Marks on posters, undo and redo, and what others removed. No Tk, no pictures.

A mark is about content: it would remove every poster of the anime with the same bytes. So of two that hold the same
bytes, the first to be marked goes as a duplicate of the other one, by name, and only the last one by a mark.
"""

from collections import defaultdict
from collections.abc import Sequence

from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.log import Mark, PairVerdict
from lap_gui.review.lists import Poster
from lap_gui.review.logs import Logs
from lap_gui.review.recorder import Recorder
from lap_gui.review.said import Word


class Marking:
    """What is marked, by whomever, and this reviewer's next marks."""

    def __init__(self, logs: Logs, reviewer: str, names: Sequence[str], *, readonly: bool = False) -> None:
        """Reads the logs. `names`: the posters that this work is about.

        Raises:
            OSError: one cannot be read.
        """
        self._names = set(names)
        self.recorder = Recorder(logs, reviewer, self._concerns, readonly=readonly)
        self.problems = self.recorder.problems
        self._words: dict[str, Word] = {}
        self._about: defaultdict[str, set[str]] = defaultdict(set)
        for word in self.recorder.words:
            self._hear(None, word)
        self.recorder.changed = self._hear
        self.recorder.prepare((name,) for name in names)

    def toggle(self, poster: Poster, others: Sequence[Poster] = ()) -> bool:
        """Marks a poster, or takes back what marks it. Gives whether it is marked now.

        Args:
            poster: its name and sha256.
            others: the other posters of its anime; one of the same bytes that is not marked stays for it.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        if marks := self._marks(poster):
            for word in marks:
                self.recorder.take_back(word)
            return False
        same = (one for one in others if one.sha256 == poster.sha256 and one != poster)
        twin = next((one for one in same if not self.is_marked(one)), None)
        reviewer = self.recorder.reviewer
        if twin is None:
            self.recorder.say(Mark(reviewer=reviewer, name=poster.name, sha256=poster.sha256, tool="explorer"))
        else:
            self.recorder.say(
                PairVerdict(
                    reviewer=reviewer, first=twin.name, first_sha256=twin.sha256, second=poster.name,
                    second_sha256=poster.sha256, verdict="duplicate", removed=poster.name,
                )
            )  # fmt: skip
        return True

    def undo(self) -> Word | None:
        """Takes the last step back, and gives the word that it was about.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        return self.recorder.undo()

    def redo(self) -> Word | None:
        """Does again what was undone last.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        return self.recorder.redo()

    def is_marked(self, poster: Poster) -> bool:
        """Whether a mark removes it. Without its sha256, by its name alone."""
        return bool(self._marks(poster))

    def is_removed(self, name: str) -> bool:
        """Whether somebody removed it in favour of another picture, or together with one."""
        said = [word for word in self._said(name) if isinstance(word, PairVerdict) and not _is_by_name(word)]
        return any(word.verdict == "both_removed" or word.removed == name for word in said)

    def removed(self) -> set[str]:
        """The names of those posters of this work that are removed that way."""
        return {name for name in self._names if self.is_removed(name)}

    def marked(self) -> list[str]:
        """The names of those posters of this work that are marked, in order."""
        found = {_marked_name(word) for word in self._words.values()}
        return sorted(name for name in found if name in self._names)

    def _marks(self, poster: Poster) -> list[Word]:
        anime = PosterName.parse(poster.name).mal_id
        found = [word for word in self._said(poster.name, f"{anime}/{poster.sha256}") if _marked_name(word)]
        return [word for word in found if isinstance(word, Mark) or word.removed == poster.name]

    def _said(self, *keys: str) -> list[Word]:
        return [self._words[one] for one in dict.fromkeys(one for key in keys for one in sorted(self._about[key]))]

    def _hear(self, before: Word | None, after: Word | None) -> None:
        if before is not None:
            del self._words[before.id]
            for key in _keys(before):
                self._about[key].discard(before.id)
        if after is not None:
            self._words[after.id] = after
            for key in _keys(after):
                self._about[key].add(after.id)

    def _concerns(self, word: Word) -> bool:
        return _marked_name(word) in self._names


def _is_by_name(word: PairVerdict) -> bool:
    return word.first_sha256 == word.second_sha256


def _marked_name(word: Word) -> str:
    """Whom a word marks; "" where it is no mark."""
    if isinstance(word, Mark):
        return word.name
    return word.removed or "" if word.verdict == "duplicate" and _is_by_name(word) else ""


def _keys(word: Word) -> list[str]:
    if isinstance(word, Mark):
        return [word.name, f"{PosterName.parse(word.name).mal_id}/{word.sha256}"]
    return list(word.names)
