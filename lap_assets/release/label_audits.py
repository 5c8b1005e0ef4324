"""The audits behind a release's boxes of the tier `audited`: their samples and bounds, for card and provenance."""

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
    """The audits in which boxes of these tables were accepted, by kind; kinds without any are left out.

    `folder`: a home's `review`. `refined`: as `labels.refined`.

    Raises:
        FileError: a file of audits cannot be read.
        TableError: boxes were accepted in an audit of which the home has no record, or that was taken back since.
    """
    found: Audits = {}
    for kind, table in refined.items():
        ids = table["audit"].drop_nulls().unique().to_list() if "audit" in table.columns else []
        if ids:
            path = label_audits_path(folder / label_file(kind))
            found[kind] = [_described(audit) for audit in _accepted(path, ids)]
    return found


def _accepted(path: Path, ids: Iterable[str]) -> list[LabelAudit]:
    wanted = set(ids)
    audits = [audit for audit in read_label_audits(path) if audit.id in wanted and audit.accepted is not None]
    if missing := wanted - {audit.id for audit in audits}:
        raise TableError(
            f"{path}: no acceptance by the audit {min(missing)}, but boxes were taken in by it; `lap refresh` takes "
            "labels in anew"
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
