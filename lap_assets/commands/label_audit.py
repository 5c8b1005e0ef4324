"""`lap labels audit`: accept the images of which a model is sure, once a reviewed sample bounds their errors."""

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
"""The largest share of wrong images at which the rest is accepted."""


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """The options of `lap labels audit`. `least_score`, `least_class`, `sample`: None means the current audit's value.

    Without a current audit, None means the default. `is_new`: draw another sample.
    """

    least_score: float | None = None
    least_class: float | None = None
    sample: int | None = None
    is_new: bool = False


def open_audit(home: Home, kind: LabelKind, options: AuditOptions) -> LabelAudit:
    """Return the current audit, or a new one, updated from people's saved labels; it is saved in the home.

    Raises:
        InputError: a model is sure of no image, or an option differs from the current audit's value.
        FileError: label files or audits are unreadable.
    """
    audits = read_label_audits(_path(home, kind))
    if audits and not options.is_new:
        _check_alike(audits[-1], options)
        return _save(home, kind, [*audits[:-1], _updated(home, kind, audits[-1])])
    drawn = _draw(home, kind, options, sum(audit.accepted is None for audit in audits))
    return _save(home, kind, [*(audit.shortened() for audit in audits), drawn])


def accept_audit(home: Home, kind: LabelKind, most_wrong: float) -> LabelAudit:
    """Accept the images outside the sample of the current audit, and return it.

    Raises:
        InputError: there is no audit, its sample is not reviewed, nothing is left, or too many may be wrong.
    """
    audits = read_label_audits(_path(home, kind))
    if not audits:
        raise InputError(f"no audit of {kind} yet; `lap labels audit {kind}` draws a sample")
    if audits[-1].accepted is not None:
        raise InputError(f"the audit of {kind} is already accepted; --new draws another sample")
    audit = _updated(home, kind, audits[-1])
    result = audit.result
    if result.waiting:
        raise InputError(f"{result.waiting:,} images of the sample await review; `lap label --audit {kind}` shows them")
    if not result.left:
        raise InputError(f"every image with sure {kind} is already reviewed: nothing is left to accept")
    if not result.share <= most_wrong:
        raise InputError(
            f"up to {result.share:.1%} of the others may be wrong, more than the {most_wrong:.1%} of --most-wrong; "
            "review the queue, train again, or draw a larger sample (--new --sample)"
        )
    return _save(home, kind, [*audits[:-1], replace(audit, accepted=now())])


def withdraw_audit(home: Home, kind: LabelKind) -> LabelAudit:
    """Withdraw the newest acceptance, which puts its images back in the queue, and return that audit.

    Raises:
        InputError: no audit is accepted.
    """
    audits = read_label_audits(_path(home, kind))
    index = max((index for index, audit in enumerate(audits) if audit.accepted is not None), default=None)
    if index is None:
        raise InputError(f"no audit of {kind} is accepted: nothing to withdraw")
    audits[index] = replace(audits[index], accepted=None)
    write_label_audits(_path(home, kind), audits)
    return audits[index]


def waiting_images(home: Home, kind: LabelKind) -> list[str]:
    """Return the unreviewed images of the sample, in sample order.

    Raises:
        InputError: there is no sample, or all of it is reviewed.
    """
    audits = read_label_audits(_path(home, kind))
    if not audits:
        raise InputError(f"no audit of {kind} yet; `lap labels audit {kind}` draws a sample")
    contents = _contents(home)
    reviewed = {image.name for image in images_of(home.images, home.labels / label_file(kind)) if image.is_reviewed}
    unchanged = {image.name for image in audits[-1].images if contents.get(image.name) == image.sha256}
    if waiting := [name for name in audits[-1].sample if name in unchanged and name not in reviewed]:
        return waiting
    raise InputError(f"every image of the sample is reviewed; `lap labels audit {kind}` shows the result")


def audit_lines(kind: LabelKind, audit: LabelAudit, most_wrong: float) -> list[str]:
    """Return the state of the audit and the next step, in words."""
    lines, result = [str(audit)], audit.result
    if audit.accepted is not None:
        lines.append(f"the others are accepted as audited since {audit.accepted[:10]}; --withdraw undoes that")
    elif result.waiting:
        lines.append(f"{result.waiting:,} await review; `lap label --audit {kind}` shows them")
    elif result.left and result.share <= most_wrong:
        lines.append(f"`lap labels audit {kind} --accept` accepts the {result.left:,} others as audited")
    elif result.left:
        lines.append(
            f"up to {result.share:.1%} of the others may be wrong, more than the {most_wrong:.1%} of --most-wrong"
        )
    return lines


def audit_json(kind: LabelKind, audit: LabelAudit) -> dict[str, Any]:
    """Return the state of the audit for scripts."""
    names = ("id", "drawn", "model", "least_score", "least_class", "population", "earlier", "accepted")
    result = audit.result
    return {
        "kind": kind, **{name: getattr(audit, name) for name in names}, "sample": len(audit.sample),
        "waiting": result.waiting, "answered": result.answered, "wrong": result.wrong, "left": result.left,
        "wrong_at_most": result.wrong_at_most,
    }  # fmt: skip


def _check_alike(audit: LabelAudit, options: AuditOptions) -> None:
    values = {
        "--least-score": (options.least_score, audit.least_score),
        "--least-class": (options.least_class, audit.least_class),
        "--sample": (options.sample, len(audit.sample)),
    }
    for option, (value, current) in values.items():
        if value is not None and value != current:
            raise InputError(f"{option} {value:g}: the current audit has {current:g}; --new draws another sample")


def _draw(home: Home, kind: LabelKind, options: AuditOptions, earlier: int) -> LabelAudit:
    labels, default = home.labels / label_file(kind), Sureness()
    suggestions = suggestions_of(labels)
    if suggestions is None:
        raise InputError(f"no suggestions of {kind} yet; make them with `lap run` or `lap labels suggest {kind}`")
    sureness = Sureness(
        default.score if options.least_score is None else options.least_score,
        default.class_ if options.least_class is None else options.least_class,
    )
    images = sure_images(images_of(home.images, labels, home), _contents(home), sureness)
    if not images:
        raise InputError(
            f"no unreviewed image has sure {kind} (every score at least {sureness.score:g}, every class at least "
            f"{sureness.class_:g}); try a lower --least-score"
        )
    return draw_label_audit(images, sureness, _model(suggestions), options.sample or SAMPLE, earlier=earlier)


def _model(suggestions: Path) -> str:
    """Return the model that made a file of suggestions; the file's name if no model is recorded."""
    path = suggesting_model_path(suggestions)
    try:
        return check_label(read_text(path).strip(), path.name)
    except FileNotFoundError:
        return suggestions.name


def _updated(home: Home, kind: LabelKind, audit: LabelAudit) -> LabelAudit:
    """Return the audit, updated from people's saved labels; an accepted one is returned unchanged."""
    if audit.accepted is not None:
        return audit
    labels = lap_format.read(home.labels / label_file(kind))
    images = images_of(home.images, home.labels / label_file(kind))
    reviewed = {image.name: image.labeled for image in images if image.is_reviewed and not labels.fault(image.name)}
    return audit.judged(reviewed, {image.name for image in images if image.is_begun}, _contents(home))


def _contents(home: Home) -> dict[str, str]:
    """Return the sha256 of each image of the dataset that is not marked for deletion."""
    marked = marked_in(home)
    return {name: sha256 for name, sha256 in image_contents(home).items() if name not in marked}


def _save(home: Home, kind: LabelKind, audits: Sequence[LabelAudit]) -> LabelAudit:
    write_label_audits(_path(home, kind), audits)
    return audits[-1]


def _path(home: Home, kind: LabelKind) -> Path:
    return label_audits_path(home.labels / label_file(kind))
