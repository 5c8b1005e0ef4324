"""The invented home of the measurements: scrapes and hashes are fresh, all later assets are missing."""

from pathlib import Path

import pytest

from benchmarks.full_home import full_home, invented_posters
from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.definitions import build_definitions
from lap_assets.duplicates import hash_table
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.table_files import read_table


@pytest.mark.slow
def test_it_is_fresh_up_to_the_hashes(tmp_path: Path) -> None:
    home, graph = Home(tmp_path), Graph(build_definitions(RunContext(Settings(home=tmp_path))))
    full_home(home, graph, invented_posters(300, seed=1))
    with open_instance(home) as instance:
        look = GraphStatus(graph, instance, home.tables)
        for asset in ("mal_catalog", "wa_catalog"):
            assert look.of((asset, None)).status is Status.FRESH
        for asset in ("mal_posters", "wa_posters", "matched_ids", "image_hashes"):
            assert {look.of((asset, key)).status for key in SUBFOLDERS} == {Status.FRESH}, asset
        assert {look.of(("hash_pairs", key)).status for key in SUBFOLDERS} == {Status.MISSING}
    tables = [read_table(home.tables / "image_hashes" / f"{key}.parquet") for key in SUBFOLDERS]
    assert {tuple(table.columns) for table in tables} == {tuple(hash_table.SCHEMA)}
    assert sum(table.height for table in tables) == 300
