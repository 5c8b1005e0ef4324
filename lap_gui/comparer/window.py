"""The Comparer's window: keys in, verdicts out, the next pair. `session` chooses the pair."""

from collections.abc import Callable

from lap_assets.core.estimates import SURE
from lap_assets.core.verdicts.lines import Verdict
from lap_assets.core.verdicts.sizes import Side
from lap_gui.comparer.accepting import Acceptance
from lap_gui.comparer.canvas import TITLES, PairCanvas
from lap_gui.comparer.commands import KEYS
from lap_gui.comparer.group_mode import GroupMode
from lap_gui.comparer.group_view import GroupView
from lap_gui.comparer.handlers import handlers
from lap_gui.comparer.pair_view import PairView
from lap_gui.comparer.panel import Panel
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.past import past_list
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.texts import decided_meanwhile, ending, facts, greeting, not_shown, recorded_text
from lap_gui.review.poster_files import PosterFiles
from lap_gui.review.poster_view import MAX_BYTES, view_loader
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Keymap
from lap_gui.shared.status import StatusLine, Tone
from lap_gui.shared.watch import Watch
from lap_gui.shared.window import ToolWindow


class Comparer(ToolWindow):
    """Asks about one pair at a time. The left picture is the one that the rules would keep."""

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
        keys: Keymap = KEYS,
        closes_at_end: bool = False,
    ) -> None:
        super().__init__(title, size, maximized=maximized)
        self.session, self.aborted, self._closes_at_end = session, False, closes_at_end
        self._loader = view_loader(max_bytes)
        self.canvas, self.panel = PairCanvas(self.root), Panel(self.root)
        self.status = StatusLine(self.root, lambda: facts(self.session, self.canvas.mode))
        self.status.pack(side="bottom", fill="x")
        self.panel.pack(side="bottom", fill="x")
        self.canvas.pack(fill="both", expand=True)
        self.pair_view = PairView(self.canvas, self.panel, self._loader, folder)
        view = GroupView(self.canvas, self._loader, folder)
        self.group = GroupMode(session, view, self.status.say, self._go_on, self.failed)
        self._help = Help(self.root, "Comparer", keys.commands)
        self.past = past_list(self)
        acts, releases = handlers(self, self._help.toggle), {"hold": self.canvas.let_go}
        keys.bind(self.root, acts, releases, gate=self.gate, refused=self.status.warn, sheet=self.past)
        self.root.update_idletasks()
        self._title, self._acceptance = title, Acceptance(session, sure)
        self._watch = Watch(self.root, self.catch_up)
        self.next(greeting(session), "warn" if session.recorder.readonly or session.problems else "plain")

    def next(self, message: str = "", tone: Tone = "plain") -> None:
        """Show the current pair, skipping pairs that cannot be shown."""
        self.group.view.close()
        skipped = self.pair_view.show_next(self.session)
        if self.pair_view.pair is None:
            self.pair_view.end(ending(self.session))
        if skipped:
            message, tone = f"{message}   {not_shown(skipped)}".strip(), "warn"
        self.status.say(message, tone)
        self._retitle()
        self.gate.reset()
        self.pair_view.read_ahead(self.session)
        self.past.refresh()

    def _go_on(self, message: str, tone: Tone = "plain") -> None:
        """Show the next pair after a decision; after the last one, close if asked to, unless a pair was not shown."""
        self.next(message, tone)
        if self._closes_at_end and self.session.pair is None and not self.session.queue.unseen:
            self.close()

    def decide(self, verdict: Verdict, side: Side | None = None) -> None:
        """Record a verdict on the shown pair; `side` is where the removed poster is (first: left)."""
        pair = self.pair_view.pair
        if pair is None or self.group.is_open:
            self.status.warn("there is no pair to decide" if pair is None else "press G to go back to the pair first")
            return
        removed = None if side is None else self.pair_view.side(side)
        try:
            recorded = self.session.decide(verdict, self.pair_view.sha256s, removed)
        except OSError as error:
            self.failed(error)
            return
        if not recorded:
            self.next(f"not recorded, {decided_meanwhile(self.session, pair)}", "warn")
            return
        self._go_on(recorded_text(self.session.last))

    def show_group(self) -> None:
        """Show the group of the pair, or the pair again."""
        was_open = self.group.is_open
        self.group.toggle()
        if self.group.is_open:
            self.pair_view.without_panel()
        elif was_open:
            self.next()

    def leave(self) -> None:
        """Close the help or the group, or leave a reopened pair as it was decided."""
        if self._help.is_open:
            self._help.close()
        elif self.group.is_open:
            self.show_group()
        elif self.session.queue.leave_reopened():
            self.next("the pair stays as it was decided")
        else:
            self.status.say("this pair is not decided yet")

    def accept(self) -> None:
        """Accept all nearly certain pairs at once; the first time, ask about a sample of them."""
        try:
            step = self._acceptance.ask()
        except OSError as error:
            self.failed(error)
            return
        show = self._go_on if step.accepted else self.next
        show(step.message, "good" if step.accepted else "plain")

    def again(self) -> None:
        """At the end, show the pairs that were left open."""
        if self.session.pair is not None:
            self.status.say("pairs that were left open are shown again at the end")
        elif self.session.queue.ask_again():
            self.next("pairs that were left open")
        else:
            self.status.say("no pair was left open")

    def abort(self) -> None:
        """Stop here; every verdict is saved."""
        self.aborted = True
        self.close()

    def look(self, mode: Mode) -> None:
        """Change the view."""
        self.canvas.look(mode)
        self.status.say(TITLES[mode])

    def flip(self) -> None:
        """Show the other picture in the same place."""
        self.canvas.flip()
        self.status.refresh()

    def change_shown(self, change: Callable[[], object]) -> None:
        """Change what is shown for a decision."""
        change()
        self.gate.reset()

    @property
    def is_ready(self) -> bool:
        """Whether the next pairs are decoded."""
        self._loader.poll()  # nothing waits for single pictures here
        return not self._loader.is_busy

    def closing(self) -> bool:
        """End the threads."""
        self._watch.stop()
        self.canvas.stop()
        self._loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Report that nothing was saved."""
        self.status.say(f"not saved: {' '.join(str(error).split())}", "bad")

    def catch_up(self) -> None:
        """Read others' decisions every few seconds; pairs decided meanwhile are no longer asked."""
        previous = self.session.position
        try:
            news = self.session.catch_up()
        except OSError as error:
            self.status.say(f"the verdicts cannot be read: {' '.join(str(error).split())}", "warn")
            return
        if news and self.session.position != previous:
            pair = None if previous is None else self.session.queue.pairs[previous]
            self.next("" if pair is None else f"previous pair: {decided_meanwhile(self.session, pair)}", "warn")
        elif news:
            if not self.group.is_open:
                self.pair_view.show_verdicts(self.session)
            self.status.refresh()
            self._retitle()
            self.past.refresh()

    def _retitle(self) -> None:
        """Put the duplicates found and probably left into the window's title."""
        outlook = self.session.outlook
        self.root.title(self._title if outlook is None else f"{self._title} – {outlook}")
