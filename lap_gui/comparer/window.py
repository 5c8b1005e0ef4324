"""The Comparer's window: keys in, verdicts out, the next pair. Which pair that is, is decided in `session`."""

from collections.abc import Callable
from typing import Final

from lap_assets.core.estimates import SURE
from lap_assets.core.verdicts.lines import Verdict
from lap_assets.core.verdicts.sizes import Side
from lap_gui.comparer.accepting import Acceptance
from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.commands import KEYS
from lap_gui.comparer.group_mode import GroupMode
from lap_gui.comparer.group_view import GroupView
from lap_gui.comparer.looking import look_handlers
from lap_gui.comparer.panel import Panel
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.texts import VERDICT_TEXTS, ending, facts, greeting, named, problem_of
from lap_gui.review.image_facts import judge
from lap_gui.review.lists import Pair
from lap_gui.review.poster_files import PosterFiles
from lap_gui.review.poster_view import MAX_BYTES, PosterView, view_loader
from lap_gui.shared.help import Help
from lap_gui.shared.status import StatusLine, Tone
from lap_gui.shared.window import ToolWindow

_AHEAD: Final = 5
_LOOK: Final = 3000
"""Milliseconds between two looks at what others wrote."""


class Comparer(ToolWindow):
    """Asks about one pair after the other. The left picture is the one that the rules would keep."""

    def __init__(
        self,
        session: ReviewSession,
        folder: PosterFiles,
        *,
        title: str = "Comparer",
        size: tuple[int, int] = (1600, 900),
        maximized: bool = False,
        max_bytes: int = MAX_BYTES,
        sure: float = SURE,
    ) -> None:
        super().__init__(title, size, maximized=maximized)
        self.session, self.aborted = session, False
        self._folder, self._loader = folder, view_loader(max_bytes)
        self._sides: tuple[Side, Side] = ("first", "second")
        self._shown: tuple[PosterView, PosterView] | None = None
        self.canvas, self.panel = PairCanvas(self.root), Panel(self.root)
        self.status = StatusLine(self.root, lambda: facts(self.session, self.canvas.mode))
        self.status.pack(side="bottom", fill="x")
        self.panel.pack(side="bottom", fill="x")
        self.canvas.pack(fill="both", expand=True)
        view = GroupView(self.canvas, self._loader, folder)
        self.group = GroupMode(session, view, self.status.say, self.next, self.failed)
        self._help = Help(self.root, "Comparer", KEYS.commands)
        KEYS.bind(self.root, self._handlers(), {"hold": self.canvas.let_go}, gate=self.gate, refused=self.status.warn)
        self.root.update_idletasks()
        self._title, self._acceptance = title, Acceptance(session, sure)
        self._looking = self.root.after(_LOOK, self._look_around)
        self.next(greeting(session), "warn" if session.recorder.readonly or session.problems else "plain")

    def next(self, message: str = "", tone: Tone = "plain") -> None:
        """Shows the pair to decide now; pairs that cannot be shown are passed over."""
        passed: list[str] = []
        self._shown = None
        self.group.view.close()
        while self._shown is None and (pair := self.session.pair) is not None:
            shown = (self._read(pair.first.name), self._read(pair.second.name))
            problem = problem_of(pair, shown)
            if problem is None:
                self._show(pair, shown)
            else:
                passed.append(problem)
                self.session.asked.pass_over(self.session.place or 0, problem)
        if self._shown is None:
            self.canvas.show(None, ending(self.session))
            self.panel.clear()
        if passed:
            more = f" (and {len(passed) - 1} more)" if len(passed) > 1 else ""
            message, tone = f"{message}   passed over: {passed[-1]}{more}".strip(), "warn"
        self.status.say(message, tone)
        self._retitle()
        self.gate.shows_anew()
        near = [name for pair in self.session.ahead(_AHEAD) for name in (pair.first.name, pair.second.name)]
        self._loader.poll()
        self._loader.want(self._folder.find(name) for name in near)

    def decide(self, verdict: Verdict, side: Side | None = None) -> None:
        """Records a verdict on the pair that is shown; `side` is where the removed poster is (first: left)."""
        if self._shown is None or self.group.is_open:
            self.status.say(
                "there is no pair to decide" if self._shown is None else "G: back to the pair first", "warn"
            )
            return
        removed = None if side is None else self._sides[0 if side == "first" else 1]
        by_side = dict(zip(self._sides, self._shown, strict=True))
        try:
            recorded = self.session.decide(verdict, (by_side["first"].sha256, by_side["second"].sha256), removed)
        except OSError as error:
            self.failed(error)
            return
        if not recorded:
            self.next("not recorded: somebody else decided that pair since it was shown", "warn")
            return
        last = self.session.last
        self.next(f"{last.removed} is removed" if last is not None and last.removed else VERDICT_TEXTS.get(verdict, ""))

    def show_group(self) -> None:
        """Shows the group of the pair, or the pair again."""
        was_open = self.group.is_open
        self.group.toggle()
        if self.group.is_open:
            self.panel.clear()
        elif was_open:
            self.next()

    def leave_group(self) -> None:
        """Shows the pair again, where a group is shown."""
        if self.group.is_open:
            self.show_group()

    def accept(self) -> None:
        """Accepts all nearly sure pairs at once; the first time, brings up a sample of them."""
        try:
            step = self._acceptance.ask()
        except OSError as error:
            self.failed(error)
            return
        self.next(step.message, "good" if step.accepted else "plain")

    def step_back(self) -> None:
        """Takes the last verdict back and shows its pair."""
        self._step(undo=True)

    def redo(self) -> None:
        """Redoes what was undone last."""
        self._step(undo=False)

    def again(self) -> None:
        """At the end: shows the pairs that were left open."""
        if self.session.pair is None and self.session.asked.ask_again():
            self.next("again: the pairs that were left open")

    def abort(self) -> None:
        """Stops here; every verdict is saved."""
        self.aborted = True
        self.close()

    def look(self, mode: Mode) -> None:
        """Changes the view."""
        self.canvas.look(mode)
        self.status.refresh()

    def flip(self) -> None:
        """The other picture in the same place."""
        self.canvas.flip()
        self.status.refresh()

    @property
    def is_ready(self) -> bool:
        """Whether the pairs that come next are decoded."""
        self._loader.poll()  # nothing waits for single pictures here
        return not self._loader.is_busy

    def closing(self) -> bool:
        """Ends the threads."""
        self.root.after_cancel(self._looking)
        self.canvas.stop()
        self._loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Reports that nothing was saved."""
        self.status.say(f"not saved: {' '.join(str(error).split())}", "bad")

    def _look_around(self) -> None:
        """Every few seconds: what others decided meanwhile is asked no more."""
        self._looking = self.root.after(_LOOK, self._look_around)
        before = self.session.place
        try:
            news = self.session.catch_up()
        except OSError as error:
            self.status.say(f"the verdicts cannot be read: {' '.join(str(error).split())}", "warn")
            return
        if news and self.session.place != before:
            self.next("somebody else decided the pair that was here", "warn")
        elif news:
            self.status.refresh()
            self._retitle()

    def _retitle(self) -> None:
        """What was found and is probably left, in the window's title."""
        outlook = self.session.outlook
        self.root.title(self._title if outlook is None else f"{self._title} – {outlook}")

    def _step(self, *, undo: bool) -> None:
        try:
            verdict = self.session.undo() if undo else self.session.redo()
        except OSError as error:
            self.failed(error)
            return
        what = "undone" if undo else "redone"
        self.next(f"{what}: {named(verdict)}" if verdict is not None else f"nothing to {'undo' if undo else 'redo'}")

    def _show(self, pair: Pair, shown: tuple[PosterView, PosterView]) -> None:
        judged = judge(shown[0].facts, shown[1].facts, pair.suggestion, pair.reason)
        first_is_left = judged.better == "first"
        self._sides = ("first", "second") if first_is_left else ("second", "first")
        self._shown = shown if first_is_left else (shown[1], shown[0])
        left, right = self._shown
        self.canvas.show((left.picture, right.picture))
        self.panel.show(pair, left.facts, right.facts, judged, self.session.verdicts_on(pair))

    def _read(self, name: str) -> PosterView:
        return self._loader.now(self._folder.find(name))

    def _seen_anew(self, change: Callable[[], object]) -> None:
        """Shows something else to decide on."""
        change()
        self.gate.shows_anew()

    def _handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "confirm": lambda: self.group.keep_best() if self.group.is_open else self.decide("duplicate", "second"),
            "swap": lambda: self.decide("duplicate", "first"),
            "reject": lambda: self.group.keep_all() if self.group.is_open else self.decide("distinct"),
            "group": lambda: self._seen_anew(self.show_group),
            "pair": lambda: self._seen_anew(self.leave_group),
            "both": lambda: self.decide("both_removed"),
            "accept": self.accept,
            "skip": lambda: self.decide("skip"),
            "unsure": lambda: self.decide("unsure"),
            "back": self.step_back,
            "redo": self.redo,
            "again": self.again,
            "abort": self.abort,
            **look_handlers(self.canvas, self.look, self.flip),
            "help": self._help.toggle,
        }
