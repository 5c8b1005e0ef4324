"""`lap review audit`: review a random sample of the undecided pairs, to bound the missed duplicates."""

from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.core.verdicts.lines import AnyVerdict
from lap_assets.core.verdicts.log import read_verdicts
from lap_assets.review.audit import Audit, SampledPair, draw, read_audits, write_audits, write_list
from lap_gui.comparer.opening import read_pairs, review_pairs
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair


def current_audit(
    home: Home, lists: list[Path], *, below: float | None, size: int, is_new: bool, marks_act: bool
) -> Audit:
    """Return the current audit, or draw a new one and save it in the home.

    Raises:
        InputError: no pair is undecided, `below` is out of range, or it differs from the current audit's value.
        FileError: a list, or the home's file of audits, is unreadable.
    """
    if below is not None and not 0 < below <= 1:
        raise InputError(f"--below {below:g}: expected a probability above 0, up to 1")
    audits = read_audits(home.labels)
    if audits and not is_new:
        if below not in (None, audits[-1].below):
            raise InputError(f"--below {below:g}: the current audit has another value; --new starts another audit")
        return audits[-1]
    pairs = [pair for pair in _undecided(home, lists, marks_act) if below is None or _is_below(pair, below)]
    if not pairs:
        raise InputError(
            "no pair is undecided" + ("" if below is None else f" below p = {below:g}") + ": nothing to audit"
        )
    sampled = [
        SampledPair(pair.first.name, pair.first.sha256, pair.second.name, pair.second.sha256)
        for pair in pairs
        if pair.first.sha256 and pair.second.sha256
    ]
    drawn = draw(sampled, below, size)
    write_audits([*audits, drawn], home.labels)
    return drawn


def ask_about(audit: Audit, home: Home, reviewer: str, *, readonly: bool, marks_act: bool) -> None:
    """Open the Comparer on the sampled pairs that this reviewer has not decided, whatever others decided.

    Raises:
        NoWindow: there is no display.
        OSError: the verdicts cannot be read or written.
    """
    waiting = audit.waiting_for(reviewer, _active(home))
    if waiting:
        path = write_list(waiting, home.labels)
        review_pairs(
            [path], images=home.root, verdicts=home.verdicts, reviewer=reviewer, readonly=readonly,
            marks_act=marks_act, alone=True,
        )  # fmt: skip


def finish(audit: Audit, home: Home) -> Audit:
    """Judge the audit by the current verdicts, save the result, and return it."""
    judged = audit.judged(_active(home))
    audits = read_audits(home.labels)
    write_audits([judged if one.id == judged.id else one for one in audits], home.labels)
    return judged


def _active(home: Home) -> tuple[AnyVerdict, ...]:
    return read_verdicts(sorted(home.verdicts.glob("*.jsonl"))).active


def _undecided(home: Home, lists: list[Path], marks_act: bool) -> list[Pair]:
    session = ReviewSession(
        read_pairs(lists), Logs(home.verdicts, is_folder=True), "audit", readonly=True, marks_act=marks_act
    )
    return session.undecided()


def _is_below(pair: Pair, below: float) -> bool:
    return pair.probability is not None and pair.probability < below
