"""The audits behind a release's boxes of the tier `audited`: samples and bounds, for the card and the provenance."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets.core.errors import TableError
from lap_assets.core.labels.files import LabelKind, label_file
from lap_assets.labels.label_audit import CONFIDENCE, LabelAudit
from lap_assets.labels.label_audit_file import label_audits_path, read_label_audits

WORDS: Final = "in words"
Audits = dict[str, list[dict[str, Any]]]
"""By kind."""


def label_audits(folder: Path, refined: Mapping[LabelKind, pl.DataFrame]) -> Audits:
    """Return the audits in which boxes of these tables were accepted, by kind; kinds without audits are left out.

    `folder`: a home's `review`. `refined`: as in `labels.refined`.

    Raises:
        FileError: a file of audits is unreadable.
        TableError: the home has no record of an audit that accepted boxes, or the audit was withdrawn.
    """
    found: Audits = {}
    for kind, table in refined.items():
        ids = table["audit"].drop_nulls().unique().to_list() if "audit" in table.columns else []
        if ids:
            path = label_audits_path(folder / label_file(kind))
            found[kind] = [_described(audit) for audit in _accepted(path, ids)]
    return found


def _accepted(path: Path, ids: Iterable[str]) -> list[LabelAudit]:
    needed = set(ids)
    audits = [audit for audit in read_label_audits(path) if audit.id in needed and audit.accepted is not None]
    if missing := needed - {audit.id for audit in audits}:
        raise TableError(
            f"{path}: boxes were accepted by the audit {min(missing)}, which is missing or was withdrawn; run "
            "`lap refresh` to read the labels again"
        )
    return audits


def _described(audit: LabelAudit) -> dict[str, Any]:
    result = audit.result
    return {
        "audit": audit.id, "drawn": audit.drawn, "accepted": audit.accepted, "model": audit.model,
        "least score": audit.least_score, "least probability of a class": audit.least_class,
        "images": audit.population, "samples before that were not accepted": audit.earlier,
        "sample": result.answered, "wrong in the sample": result.wrong, "others": result.left,
        "wrong of the others at most": result.wrong_at_most, "confidence": CONFIDENCE,
        WORDS: f"{(audit.accepted or '')[:10]}: {audit}",
    }  # fmt: skip
