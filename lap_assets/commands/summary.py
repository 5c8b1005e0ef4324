"""The demo's `summary.json`: what each partition holds, and how good it is against the replica's truth."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import httpx
import polars as pl

from lap_assets.duplicates.scoring import recall_of, score
from lap_assets.home import Home
from lap_assets.posters.catalogs import of_subfolder
from lap_assets.posters.subfolders import SUBFOLDERS
from lap_assets.resources import table_path

# Copies that hashes are made to find: nothing was cut off, added or turned.
PLAIN_COPIES: Final = ("rescaled", "recompressed", "brightened")


def summary(home: Home, truth: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Counts by partition, and the scores. Faces and heads are null: no model looks for them yet."""
    tables = _reader(home.tables)
    decisions = pl.concat([tables("dedup_decisions", key) for key in SUBFOLDERS])
    pending = pl.concat([tables("review_candidates", key).select("first", "second") for key in SUBFOLDERS])
    pairs = [(pair["a"], pair["b"], tuple(pair["kinds"])) for pair in truth["pairs"]]
    result = score(decisions, pending, truth["clusters"], pairs)
    scores = {**asdict(result), "recall_of_plain_copies": recall_of(result, PLAIN_COPIES)}
    return {
        "seconds": round(seconds, 1),
        "partitions": {key: _counts(tables, key) for key in SUBFOLDERS},
        "duplicates": scores,
        "faces": {"ap50": None},
        "heads": {"ap50": None},
    }


def fetch_truth(replica: str) -> dict[str, Any]:
    """What the replica knows of its own posters."""
    with httpx.Client(trust_env=False, timeout=120) as client:
        answer = client.get(f"{replica}/truth.json")
        answer.raise_for_status()
        return dict(answer.json())


def _reader(tables: Path) -> Callable[[str, str | None], pl.DataFrame]:
    return lambda asset, partition: pl.read_parquet(table_path(tables, asset, partition))


def _counts(tables: Callable[[str, str | None], pl.DataFrame], key: str) -> dict[str, int | None]:
    decisions = tables("dedup_decisions", key)
    return {
        "anime": of_subfolder(tables("mal_catalog", None), key).height,
        "posters": tables("mal_posters", key).height + tables("wa_posters", key).height,
        "pairs": tables("hash_pairs", key).height,
        "removed": decisions.filter(pl.col("decision") == "remove").height,
        "awaiting_review": tables("review_candidates", key).height,
        "images": tables("resized_images", key).height,
        "faces": None,
        "heads": None,
    }
