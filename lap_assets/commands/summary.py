"""The demo's `summary.json`: counts per partition, and scores against the replica's truth."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import polars as pl

from lap_assets.core.home import Home
from lap_assets.core.sites import MAL, sites
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.scoring import recall_of, score, score_pairs
from lap_assets.labels.detection import box_count, boxes_by_name
from lap_assets.labels.evaluation import ap50
from lap_assets.resources import table_path
from lap_assets.sites.catalogs import of_subfolder
from lap_assets.sites.ratings import with_ratings
from lap_assets.sites.specs import spec_of
from lap_assets.sites.state import SiteState
from lap_assets.table_files import read_table

# The kinds of copies that hashes are designed to find: nothing was cropped, added or rotated.
PLAIN_COPIES: Final = ("rescaled", "recompressed", "brightened")
_Tables = Callable[[str, str | None], pl.DataFrame]


def summary(home: Home, truth: dict[str, Any], rules: Rules, seconds: float) -> dict[str, Any]:
    """Return counts per partition, and scores; None where no model was available to make the counted items."""
    tables = _reader(home.tables)
    with SiteState(home.state, spec_of(MAL.key).site) as state:
        catalog = with_ratings(tables(MAL.catalog_asset, None), state)
    pairs = [(pair["a"], pair["b"], tuple(pair["kinds"])) for pair in truth["pairs"]]
    result = score(_all(tables, "dedup_decisions"), _all(tables, "review_candidates"), truth["clusters"], pairs)
    return {
        "seconds": round(seconds, 1),
        "partitions": {key: _counts(tables, catalog, key) for key in SUBFOLDERS},
        "duplicates": {**asdict(result), "recall_of_plain_copies": recall_of(result, PLAIN_COPIES)},
        "embedding": _embedding(tables, [(a, b) for a, b, _ in pairs], rules),
        "faces": {"ap50": _ap50(tables, "baseline_face_boxes", truth["posters"], "faces")},
        "heads": {"ap50": _ap50(tables, "baseline_head_boxes", truth["posters"], "heads")},
    }


def fetch_truth(replica: str) -> dict[str, Any]:
    """Fetch the truth about the replica's posters: duplicates and boxes."""
    with httpx.Client(trust_env=False, timeout=120) as client:
        answer = client.get(f"{replica}/truth.json")
        answer.raise_for_status()
        return dict(answer.json())


def _reader(tables: Path) -> _Tables:
    return lambda asset, partition: read_table(table_path(tables, asset, partition))


def _all(tables: _Tables, asset: str) -> pl.DataFrame:
    return pl.concat([tables(asset, key) for key in SUBFOLDERS])


def _counts(tables: _Tables, catalog: pl.DataFrame, key: str) -> dict[str, int | None]:
    decisions = tables("dedup_decisions", key)
    images = tables("resized_images", key).height
    return {
        "anime": of_subfolder(catalog, key).height,
        "posters": sum(tables(entry.posters_asset, key).height for entry in sites()),
        "pairs": tables("hash_pairs", key).height,
        "embedding_pairs": tables("embedding_pairs", key).height,
        "removed": decisions.filter(pl.col("decision") == "remove").height,
        "awaiting_review": tables("review_candidates", key).height,
        "images": images,
        "faces": _found(tables("baseline_face_boxes", key), images),
        "heads": _found(tables("baseline_head_boxes", key), images),
    }


def _found(boxes: pl.DataFrame, images: int) -> int | None:
    """Return the number of boxes; None if a detector has not seen all images."""
    return box_count(boxes) if boxes.height == images else None


def _embedding(tables: _Tables, truth: list[tuple[str, str]], rules: Rules) -> dict[str, Any]:
    """Return scores of the embedding pairs: those that a person is asked about, and the very likely ones."""
    rule = next((one for one in rules.rules if any(span.measure == "cosine" for span in one.ranges)), None)
    held = _all(tables, "vit_embeddings").filter(pl.col("vector").is_not_null())["name"]
    if rule is None or not held.len():
        return {"asked": None, "likely": None}
    pairs = _all(tables, "embedding_pairs")
    widest = max(span.high for span in rule.ranges if span.measure == "cosine")
    return {
        name: None if distance is None else asdict(score_pairs(pairs, truth, held, distance))
        for name, distance in (("asked", widest), ("likely", rule.likely))
    }


def _ap50(tables: _Tables, asset: str, truth: dict[str, Any], kind: str) -> float | None:
    """Return AP50 over all cleaned images in the truth; None if no detector was used."""
    found = boxes_by_name(_all(tables, asset))
    if not found:
        return None
    detections, true = [], []
    for name, width, height in _all(tables, "resized_images").select("name", "width", "height").iter_rows():
        if name in truth and name in found:
            raw = truth[name]
            scale = np.array([width / raw["width"], height / raw["height"]] * 2)
            detections.append(found[name])
            true.append(np.array(raw[kind], np.float64).reshape(-1, 4) * scale)
    return ap50(detections, true)
