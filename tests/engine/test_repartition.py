"""After a change of a home's table of subfolders, files, rows, history and staleness follow; nothing is refetched."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.subfolders import SUBFOLDERS, USUAL
from tests.engine.contents import contents
from tests.support import DEMO, Lap

SPLIT_AT = 55_000


def statuses(lap: Callable[..., "subprocess.CompletedProcess[str]"], home: Path) -> dict[tuple[str, str], str]:
    result = lap("status", "--json", LAP_HOME=home)
    assert result.returncode == 0, result.stderr
    return {(row["asset"], row["partition"]): row["status"] for row in json.loads(result.stdout)}


def rows(home: Path, asset: str, key: str) -> pl.DataFrame:
    return pl.read_parquet(home / "tables" / asset / f"{key}.parquet")


@pytest.mark.slow
def test_the_content_of_a_split_subfolder_follows_and_nothing_is_done_twice(demo_home: Path, lap_process: Lap) -> None:
    before = contents(demo_home)
    hashed = rows(demo_home, "image_hashes", "9")

    table = {**dict(USUAL), "10": SPLIT_AT}
    (demo_home / "subfolders.json").write_text(json.dumps(table))
    refused = lap_process("demo", *DEMO, LAP_HOME=demo_home)
    assert refused.returncode == 2
    assert "lap repartition" in refused.stderr

    moved = lap_process("repartition", LAP_HOME=demo_home)
    assert moved.returncode == 0, moved.stderr
    for store in ("posters", "images"):
        assert all(int(path.name[3:8]) >= SPLIT_AT for path in (demo_home / store / "10").iterdir())
        assert all(int(path.name[3:8]) < SPLIT_AT for path in (demo_home / store / "9").iterdir())
    assert pl.concat([rows(demo_home, "image_hashes", key) for key in ("9", "10")]).sort("name").equals(hashed)

    stand = statuses(lap_process, demo_home)
    assert {status for (_, key), status in stand.items() if key == "9"} == {"stale"}
    assert {status for (_, key), status in stand.items() if key == "10"} == {"missing"}
    assert {status for (_, key), status in stand.items() if key in SUBFOLDERS and key != "9"} == {"fresh"}

    again = lap_process("demo", *DEMO, LAP_HOME=demo_home)
    assert again.returncode == 0, again.stderr
    assert set(statuses(lap_process, demo_home).values()) == {"fresh"}
    after = contents(demo_home)

    def pictures(held: dict[str, str], folder: str) -> dict[str, str]:
        return {Path(path).name: held[path] for path in held if path.startswith(folder) and path.endswith(".jpg")}

    assert pictures(after, "posters") == pictures(before, "posters")
    assert pictures(after, "images") == pictures(before, "images")
    assert pictures(after, "release/v0002") == pictures(before, "release/v0001")
    steps = [line.split(":")[0] for line in again.stderr.splitlines() if " [" in line]
    assert {step for step in steps if step.startswith("vit_")} == {"vit_embeddings [9]", "vit_embeddings [10]"}

    assert "nothing to do" in lap_process("repartition", LAP_HOME=demo_home).stderr
