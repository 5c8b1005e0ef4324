"""A subfolder is split in the one tuple: files, rows, history and staleness follow, and nothing is fetched again."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import lap_assets
from lap_assets.core.subfolders import SUBFOLDERS
from tests.engine.contents import contents
from tests.support import DEMO, SECONDS, Lap, command, environment

SPLIT_AT = 55_000


@pytest.fixture
def split_lap(tmp_path: Path) -> Lap:
    """`lap` of a copy of the package in which subfolder "9" ends at 55000 and "10" begins."""
    source = Path(lap_assets.__file__).parent
    copy = tmp_path / "split" / "lap_assets"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
    table = copy / "core" / "subfolders.py"
    text, changes = re.subn(r'(\("9", 50000\),\n)', rf'\1    ("10", {SPLIT_AT}),\n', table.read_text())
    assert changes == 1
    table.write_text(text)

    def run(*arguments: str, **variables: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments), env=environment(PYTHONPATH=copy.parent, **variables), cwd=copy.parent,
            capture_output=True, text=True, timeout=SECONDS,
        )  # fmt: skip

    return run


def statuses(lap: Callable[..., "subprocess.CompletedProcess[str]"], home: Path) -> dict[tuple[str, str], str]:
    told = lap("status", "--json", LAP_HOME=home)
    assert told.returncode == 0, told.stderr
    return {(row["asset"], row["partition"]): row["status"] for row in json.loads(told.stdout)}


def rows(home: Path, asset: str, key: str) -> pl.DataFrame:
    return pl.read_parquet(home / "tables" / asset / f"{key}.parquet")


@pytest.mark.slow
def test_what_was_in_the_split_subfolder_follows_and_nothing_is_done_twice(demo_home: Path, split_lap: Lap) -> None:
    before = contents(demo_home)
    hashed = rows(demo_home, "image_hashes", "9")

    refused = split_lap("demo", *DEMO, LAP_HOME=demo_home)
    assert refused.returncode == 2
    assert "lap repartition" in refused.stderr

    moved = split_lap("repartition", LAP_HOME=demo_home)
    assert moved.returncode == 0, moved.stderr
    for store in ("posters", "images"):
        assert all(int(path.name[3:8]) >= SPLIT_AT for path in (demo_home / store / "10").iterdir())
        assert all(int(path.name[3:8]) < SPLIT_AT for path in (demo_home / store / "9").iterdir())
    assert pl.concat([rows(demo_home, "image_hashes", key) for key in ("9", "10")]).sort("name").equals(hashed)

    stand = statuses(split_lap, demo_home)
    assert {status for (_, key), status in stand.items() if key == "9"} == {"stale"}
    assert {status for (_, key), status in stand.items() if key == "10"} == {"missing"}
    assert {status for (_, key), status in stand.items() if key in SUBFOLDERS and key != "9"} == {"fresh"}

    again = split_lap("demo", *DEMO, LAP_HOME=demo_home)
    assert again.returncode == 0, again.stderr
    assert set(statuses(split_lap, demo_home).values()) == {"fresh"}
    after = contents(demo_home)

    def pictures(held: dict[str, str], folder: str) -> dict[str, str]:
        return {Path(path).name: held[path] for path in held if path.startswith(folder) and path.endswith(".jpg")}

    assert pictures(after, "posters") == pictures(before, "posters")
    assert pictures(after, "images") == pictures(before, "images")
    assert pictures(after, "release/v0002") == pictures(before, "release/v0001")
    steps = [line.split(":")[0] for line in again.stderr.splitlines() if " [" in line]
    assert {step for step in steps if step.startswith("vit_")} == {"vit_embeddings [9]", "vit_embeddings [10]"}

    assert "nothing to do" in split_lap("repartition", LAP_HOME=demo_home).stderr
