"""`lap labels audit`: images of which a model is sure, accepted together once a reviewed sample bounds their errors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lap_assets.commands.label_queue import image_contents, images_of, marked_in
from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.files import LabelKind, label_file, suggesting_model_path, suggestions_of
from lap_assets.core.plain_text import check_label
from lap_assets.core.reading import read_text
from lap_assets.core.verdicts.lines import now
from lap_assets.labels.label_audit import LabelAudit, Sureness, draw_label_audit
from lap_assets.labels.label_audit_file import label_audits_path, read_label_audits, write_label_audits
from lap_assets.training.sure_images import sure_images

SAMPLE = 100
MOST_WRONG = 0.05
"""The share of wrong images up to which the others are accepted."""


@dataclass(frozen=True, slots=True)
class AuditWish:
    """What is asked for. `least_score`, `least_class`, `sample`: None takes what the audit under way has, or the usual.

    `is_new`: draw another sample.
    """

    least_score: float | None = None
    least_class: float | None = None
    sample: int | None = None
    is_new: bool = False


def begun_audit(home: Home, kind: LabelKind, wish: AuditWish) -> LabelAudit:
    """The audit that is under way, or a new one, as it stands by what people have saved; both are kept in the home.

    Raises:
        InputError: a model is sure of no image, or other numbers are asked for than the audit's.
        FileError: label files or audits cannot be read.
    """
    audits = read_label_audits(_path(home, kind))
    if audits and not wish.is_new:
        _check_alike(audits[-1], wish)
        return _kept(home, kind, [*audits[:-1], _judged(home, kind, audits[-1])])
    drawn = _drawn(home, kind, wish, sum(audit.accepted is None for audit in audits))
    return _kept(home, kind, [*(audit.shortened() for audit in audits), drawn])


def accepted_audit(home: Home, kind: LabelKind, most_wrong: float) -> LabelAudit:
    """The audit under way, with the images outside of its sample accepted.

    Raises:
        InputError: there is none, its sample is not reviewed, nothing is left, or more than this share may be wrong.
    """
    audits = read_label_audits(_path(home, kind))
    if not audits:
        raise InputError(f"no audit of {kind} is under way; `lap labels audit {kind}` draws a sample")
    if audits[-1].accepted is not None:
        raise InputError(f"the audit of {kind} is accepted already; --new draws another sample")
    audit = _judged(home, kind, audits[-1])
    result = audit.result
    if result.waiting:
        raise InputError(
            f"{result.waiting:,} images of the sample wait for a review; `lap label --audit {kind}` shows them"
        )
    if not result.left:
        raise InputError(f"all images of which the model is sure of {kind} are reviewed: nothing is left to accept")
    if not result.share <= most_wrong:
        raise InputError(
            f"{result.share:.1%} of the others may be wrong, more than the {most_wrong:.1%} of --most-wrong; review "
            "the queue, train again, or draw a larger sample (--new --sample)"
        )
    return _kept(home, kind, [*audits[:-1], replace(audit, accepted=now())])


def withdrawn_audit(home: Home, kind: LabelKind) -> LabelAudit:
    """The newest accepted audit, whose acceptance is taken back: its images are in the queue again.

    Raises:
        InputError: none was accepted.
    """
    audits = read_label_audits(_path(home, kind))
    index = max((index for index, audit in enumerate(audits) if audit.accepted is not None), default=None)
    if index is None:
        raise InputError(f"no audit of {kind} is accepted: nothing to withdraw")
    audits[index] = replace(audits[index], accepted=None)
    write_label_audits(_path(home, kind), audits)
    return audits[index]


def waiting_images(home: Home, kind: LabelKind) -> list[str]:
    """The images of the sample that nobody has reviewed, in its order.

    Raises:
        InputError: there is no sample, or all of it is reviewed.
    """
    audits = read_label_audits(_path(home, kind))
    if not audits:
        raise InputError(f"no audit of {kind} is under way; `lap labels audit {kind}` draws a sample")
    there = _contents(home)
    reviewed = {image.name for image in images_of(home.images, home.labels / label_file(kind)) if image.is_reviewed}
    known = {image.name for image in audits[-1].images if there.get(image.name) == image.sha256}
    if waiting := [name for name in audits[-1].sample if name in known and name not in reviewed]:
        return waiting
    raise InputError(f"every image of the sample is reviewed; `lap labels audit {kind}` says what it bounds")


def audit_lines(kind: LabelKind, audit: LabelAudit, most_wrong: float) -> list[str]:
    """How the audit stands and what comes next, in words."""
    lines, result = [str(audit)], audit.result
    if audit.accepted is not None:
        lines.append(f"the others are accepted as audited since {audit.accepted[:10]}; --withdraw takes that back")
    elif result.waiting:
        lines.append(f"{result.waiting:,} wait for a review; `lap label --audit {kind}` shows them")
    elif result.left and result.share <= most_wrong:
        lines.append(f"`lap labels audit {kind} --accept` accepts the {result.left:,} others as audited")
    elif result.left:
        lines.append(f"{result.share:.1%} of the others may be wrong, more than the {most_wrong:.1%} of --most-wrong")
    return lines


def audit_json(kind: LabelKind, audit: LabelAudit) -> dict[str, Any]:
    """The same for scripts."""
    names = ("id", "drawn", "model", "least_score", "least_class", "population", "earlier", "accepted")
    result = audit.result
    return {
        "kind": kind, **{name: getattr(audit, name) for name in names}, "sample": len(audit.sample),
        "waiting": result.waiting, "answered": result.answered, "wrong": result.wrong, "left": result.left,
        "wrong_at_most": result.wrong_at_most,
    }  # fmt: skip


def _check_alike(audit: LabelAudit, wish: AuditWish) -> None:
    asked = {
        "--least-score": (wish.least_score, audit.least_score),
        "--least-class": (wish.least_class, audit.least_class),
        "--sample": (wish.sample, len(audit.sample)),
    }
    for option, (wanted, there) in asked.items():
        if wanted is not None and wanted != there:
            raise InputError(f"{option} {wanted:g}: the audit under way has {there:g}; --new draws another sample")


def _drawn(home: Home, kind: LabelKind, wish: AuditWish, earlier: int) -> LabelAudit:
    labels, usual = home.labels / label_file(kind), Sureness()
    suggestions = suggestions_of(labels)
    if suggestions is None:
        raise InputError(f"no model has suggested {kind} yet; `lap run` or `lap labels suggest {kind}` does")
    sureness = Sureness(
        usual.score if wish.least_score is None else wish.least_score,
        usual.class_ if wish.least_class is None else wish.least_class,
    )
    images = sure_images(images_of(home.images, labels, home), _contents(home), sureness)
    if not images:
        raise InputError(
            f"no image is left of whose {kind} a model is sure (every score from {sureness.score:g}, every class from "
            f"{sureness.class_:g}); try a lower --least-score"
        )
    return draw_label_audit(images, sureness, _model(suggestions), wish.sample or SAMPLE, earlier=earlier)


def _model(suggestions: Path) -> str:
    """Whose suggestions a file has; the file's name where nothing says so."""
    path = suggesting_model_path(suggestions)
    try:
        return check_label(read_text(path).strip(), path.name)
    except FileNotFoundError:
        return suggestions.name


def _judged(home: Home, kind: LabelKind, audit: LabelAudit) -> LabelAudit:
    """The audit by what people have saved; one that was accepted stays as it was then."""
    if audit.accepted is not None:
        return audit
    labels = lap_format.read(home.labels / label_file(kind))
    images = images_of(home.images, home.labels / label_file(kind))
    reviewed = {image.name: image.labeled for image in images if image.is_reviewed and not labels.fault(image.name)}
    return audit.judged(reviewed, {image.name for image in images if image.is_begun}, _contents(home))


def _contents(home: Home) -> dict[str, str]:
    """sha256 of each image of the dataset that is not marked for deletion."""
    marked = marked_in(home)
    return {name: sha256 for name, sha256 in image_contents(home).items() if name not in marked}


def _kept(home: Home, kind: LabelKind, audits: Sequence[LabelAudit]) -> LabelAudit:
    write_label_audits(_path(home, kind), audits)
    return audits[-1]


def _path(home: Home, kind: LabelKind) -> Path:
    return label_audits_path(home.labels / label_file(kind))
