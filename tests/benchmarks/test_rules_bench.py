"""The table of rules, judged on the finished demo: rules on vectors are judged by the pairs that vectors found."""

from pathlib import Path

import polars as pl

from benchmarks.report import accuracy
from lap_assets.commands.home import demo_traits
from lap_assets.core.home import Home
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.truth import true_pairs
from lap_assets.settings import Settings


def test_every_rule_is_judged_by_the_pairs_it_acts_on(finished_demo: tuple[Path, str], tmp_path: Path) -> None:
    home, plot = Home(finished_demo[0]), tmp_path / "curves.png"
    truth = list(true_pairs(procedural_catalog(**demo_traits(home) or {})))
    tables = list(accuracy(Settings(home=home.root), home, truth, plot))
    assert len(tables) == 3
    found = dict(pl.read_csv(plot.with_suffix(".csv")).filter(pl.col("kind") == "all").select("rule", "found").rows())
    asked = pl.read_parquet(home.tables / "embedding_pairs" / "*.parquet").filter(pl.col("cosine") <= 0.32)
    assert found["cosine_review"] == asked.height > 0
    assert plot.read_bytes().startswith(b"\x89PNG")
