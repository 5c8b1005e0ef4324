"""A release's provenance: models, weight files, rules, settings. Nothing about the machine or its user."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets import __version__
from lap_assets.core.errors import LapError
from lap_assets.core.home import Home
from lap_assets.core.json_text import parse_json
from lap_assets.core.labels.files import LabelKind
from lap_assets.core.precision import CORNER_DECIMALS, SCORE_DECIMALS, VECTOR_STEP
from lap_assets.core.reading import read_text
from lap_assets.duplicates.rules import rules_from
from lap_assets.models.versions import model_version
from lap_assets.models.weights import recorded_sha256, weight_files
from lap_assets.pictures.recipe import Recipe
from lap_assets.release.layout import PROVENANCE
from lap_assets.release.texts import DRAWN, REPLICA
from lap_assets.settings import Settings

NO_PERMISSION: Final = "none needed: a replica of the sites on one machine"


def provenance(
    settings: Settings,
    baseline: dict[LabelKind, pl.DataFrame],
    unfinished: Sequence[str] = (),
    audit: str | None = None,
    label_audits: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the provenance of a release.

    Args:
        settings: the settings of the run.
        baseline: the tables of detected boxes, which name the models.
        unfinished: the scrapes that ended early.
        audit: the result of the newest audit of undecided pairs, in words.
        label_audits: as in `release.label_audits`.
    """
    home = Home(settings.home.absolute())
    weights, is_drawn = home.weights, settings.is_replica or home.replica_mark.exists()
    chosen = (settings.embedder, settings.upscaler, settings.face_detector, settings.head_detector)
    return {
        "LAP": __version__,
        **({REPLICA: DRAWN} if is_drawn else {}),
        "permission": settings.permission or (NO_PERMISSION if is_drawn else "not stated"),
        **({"unfinished scrapes": list(unfinished)} if unfinished else {}),
        **({"audit of duplicates": audit} if audit else {}),
        **({"audits of labels": dict(label_audits)} if label_audits else {}),
        "annotations licence": settings.annotations_licence,
        "splits": settings.splits,
        "least score of a machine's boxes": settings.least_score,
        "models": {
            "embedder": model_version("embedder", settings.embedder, weights),
            "upscaler": model_version("upscaler", settings.upscaler, weights),
            **{kind: sorted(table["model"].unique()) or ["none"] for kind, table in baseline.items()},
        },
        "precision": {
            "corners": f"{10**-CORNER_DECIMALS} px",
            "scores": str(10**-SCORE_DECIMALS),
            "numbers of vectors": f"1/{int(1 / VECTOR_STEP)}",
        },
        "weights": [
            {"file": entry.file, "url": entry.url, "licence": entry.licence,
             "sha256": recorded_sha256(entry.file, weights) or entry.sha256}
            for entry in weight_files()
            if entry.key in chosen
        ],
        "rules for duplicates": _lines(rule.title for rule in rules_from(settings.rules).rules),
        "limits of images": asdict(Recipe()),
    }  # fmt: skip


def _lines(titles: Iterable[str]) -> list[str]:
    return [f"{number}. {title}" for number, title in enumerate(titles, 1)]


def is_replica_release(folder: Path) -> bool:
    """Return whether a folder (a release, or a home's images) is marked as holding drawn pictures."""
    homes = (Home(folder), Home(folder.resolve().parent))
    if any(home.replica_mark.exists() or home.demo_mark.exists() for home in homes):
        return True
    try:
        described = parse_json(read_text(folder / PROVENANCE))
    except (OSError, LapError):
        return False
    return isinstance(described, dict) and REPLICA in described
