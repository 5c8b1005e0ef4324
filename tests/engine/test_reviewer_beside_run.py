"""Reviewing during a run: every verdict counts in the end, as if given before the run."""

import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from tests.engine.contents import contents
from tests.support import SECONDS, Lap, command, environment


@pytest.mark.slow
def test_verdicts_given_during_a_run_count_as_if_given_before(demo_home: Path, lap: Lap, tmp_path: Path) -> None:
    quiet, busy = demo_home, shutil.copytree(demo_home, tmp_path / "busy", symlinks=True)
    words = verdicts(demo_home)
    assert len(words) == 8
    say(quiet, words)
    assert lap("refresh", LAP_HOME=quiet).returncode == 0
    say(busy, words[:1])
    run = subprocess.Popen(
        command("refresh"), env=environment(LAP_HOME=busy), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert run.stderr is not None
    run.stderr.readline()
    for place in range(1, len(words)):
        say(busy, words[place : place + 1])
        time.sleep(0.2)
    _, result = run.communicate(timeout=SECONDS)
    assert run.returncode == 0, result
    assert lap("refresh", LAP_HOME=busy).returncode == 0
    assert ends(busy) == ends(quiet)


def verdicts(home: Path) -> list[PairVerdict]:
    """Verdicts on pairs of which a rule removed a poster: alternately "distinct" and "the other one is removed"."""
    shas = dict(whole(home, "image_hashes").select("name", "sha256").iter_rows())
    removed = (
        whole(home, "dedup_decisions").filter(pl.col("decision") == "remove").drop_nulls("partner").sort("name").head(8)
    )
    return [
        PairVerdict(
            reviewer="ann", id=f"v{number}", time=f"2026-01-01T00:{number // 60:02}:{number % 60:02}+00:00",
            first=name, first_sha256=shas[name], second=partner, second_sha256=shas[partner],
            verdict="duplicate" if number % 2 else "distinct", removed=partner if number % 2 else None,
        )
        for number, (name, partner) in enumerate(removed.select("name", "partner").iter_rows())
    ]  # fmt: skip


def whole(home: Path, asset: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(home / "tables" / asset / f"{key}.parquet") for key in SUBFOLDERS])


def say(home: Path, words: Iterable[PairVerdict]) -> None:
    for word in words:
        subfolder = max(PosterName.parse(word.first).subfolder, PosterName.parse(word.second).subfolder)
        VerdictLog(home / "review" / "verdicts" / f"{subfolder}.jsonl").append(word)


def ends(home: Path) -> dict[str, str]:
    """Everything except intermediate releases and the last one's notes on them."""
    last = f"release/{max((home / 'release').iterdir()).name}/"
    counted = {name.replace(last, "release/"): digest for name, digest in contents(home).items()}
    apart = ("release/v", "release/CHANGES.md", "release/release.json")
    return {name: digest for name, digest in counted.items() if not name.startswith(apart)}
