"""`lap why`, `lap rules preview` and `lap verdicts` on a finished demo."""

import json
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from tests.support import Lap


def tables(home: Path, asset: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path) for path in sorted((home / "tables" / asset).glob("*.parquet"))])


def verdict(home: Path, reviewer: str, said: str) -> PairVerdict:
    pair = tables(home, "review_candidates").row(0, named=True)
    hashes = dict(tables(home, "image_hashes").select("name", "sha256").iter_rows())
    return PairVerdict(
        reviewer=reviewer,
        first=pair["first"],
        first_sha256=hashes[pair["first"]],
        second=pair["second"],
        second_sha256=hashes[pair["second"]],
        verdict="distinct" if said == "distinct" else "duplicate",
        removed=None if said == "distinct" else pair["first"],
    )


def test_why_shows_the_chain_of_a_removed_poster(finished_demo: tuple[Path, str], lap: Lap) -> None:
    home, _ = finished_demo
    gone = tables(home, "dedup_decisions").filter(pl.col("decision") == "remove").row(0, named=True)
    result = lap("why", gone["name"], LAP_HOME=home)
    assert result.returncode == 0, result.stderr
    assert gone["rule"] in result.stdout
    assert f"{gone['survivor']} is kept" in result.stdout
    unknown = lap("why", "MAL00001_0001_000001.jpg", LAP_HOME=home)
    assert unknown.returncode == 2
    assert "no such poster" in unknown.stderr


@pytest.mark.slow
def test_a_preview_counts_what_other_rules_would_do_and_changes_nothing(
    finished_demo: tuple[Path, str], lap: Lap, tmp_path: Path
) -> None:
    home, _ = finished_demo
    before = {path: path.stat().st_mtime_ns for path in (home / "tables").rglob("*.parquet")}
    sheets = tmp_path / "sheets"
    usual = json.loads(lap("rules", "preview", "--json", "--sheets", str(sheets), LAP_HOME=home).stdout)
    none = lap("rules", "preview", "--json", "--sheets", str(sheets), LAP_HOME=home, LAP_RULES='{"same_ahash": null}')
    removed = {row["rule"]: row["removed"] for row in usual}
    assert removed["same_ahash"] == tables(home, "dedup_decisions").filter(pl.col("rule") == "same_ahash").height > 0
    assert "same_ahash" not in {row["rule"] for row in json.loads(none.stdout)}
    with Image.open(sheets / "same_ahash.png") as sheet:
        assert sheet.format == "PNG"
        assert sheet.convert("L").getextrema() != (255, 255)
    assert {path: path.stat().st_mtime_ns for path in (home / "tables").rglob("*.parquet")} == before


def test_verdicts_travel_and_conflicts_are_listed(demo_home: Path, lap: Lap, tmp_path: Path) -> None:
    mine = VerdictLog(demo_home / "review" / "verdicts" / "0.jsonl")
    mine.append(verdict(demo_home, "ann", "distinct"))
    quiet = lap("verdicts", "check", LAP_HOME=demo_home)
    assert (quiet.returncode, "undisputed" in quiet.stdout) == (0, True)
    theirs = tmp_path / "theirs.jsonl"
    VerdictLog(theirs).append(verdict(demo_home, "bob", "duplicate"))
    with theirs.open("a") as opened:
        opened.write('{"kind": "pair", "torn')
    taken = lap("verdicts", "import", str(theirs), LAP_HOME=demo_home)
    assert "1 new lines, 0 already known" in taken.stdout
    assert "theirs.jsonl" in taken.stdout
    assert "0 new lines, 1 already known" in lap("verdicts", "import", str(theirs), LAP_HOME=demo_home).stdout
    checked = lap("verdicts", "check", LAP_HOME=demo_home)
    assert checked.returncode == 1
    assert "ann: distinct" in checked.stdout
    assert "bob: duplicate" in checked.stdout
    together = tmp_path / "all.jsonl"
    assert "2 lines" in lap("verdicts", "export", str(together), LAP_HOME=demo_home).stdout
    assert len(together.read_text().splitlines()) == 2
