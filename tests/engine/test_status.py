"""The status of partitions, from events reported to a separate instance."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.status import GraphStatus, PartitionStatus, Status
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

PAIRS: AssetPartition = ("hash_pairs", "3")
HASHES: AssetPartition = ("image_hashes", "1")


class StatusOverTime:
    """An instance, and the present status of its partitions."""

    def __init__(self, instance: dg.DagsterInstance, home: Path) -> None:
        self._instance = instance
        self._graph = Graph(build_definitions(RunContext(Settings(home=home))))

    def made(self, slot: AssetPartition) -> None:
        """Report that a partition was made."""
        self._instance.report_runless_asset_event(
            dg.AssetMaterialization(slot[0], partition=slot[1], tags={"dagster/data_version": "1"})
        )

    def of(self, slot: AssetPartition) -> PartitionStatus:
        return GraphStatus(self._graph, self._instance, None).of(slot)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[StatusOverTime]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield StatusOverTime(instance, tmp_path)


def test_what_was_never_made_is_missing(history: StatusOverTime) -> None:
    assert history.of(PAIRS).status is Status.MISSING


def test_an_input_that_existed_before_is_not_called_new(history: StatusOverTime) -> None:
    history.made(HASHES)
    history.made(PAIRS)
    history.made(HASHES)
    assert "image_hashes [1] is new" not in history.of(PAIRS).reasons


def test_a_partition_made_before_an_inputs_first_event_is_stale(history: StatusOverTime) -> None:
    history.made(PAIRS)
    history.made(HASHES)
    status = history.of(PAIRS)
    assert status.status is Status.STALE
    assert "image_hashes [1] is new" in status.reasons


def test_a_higher_subfolder_does_not_affect_a_lower_one(history: StatusOverTime) -> None:
    history.made(PAIRS)
    history.made(("image_hashes", "7"))
    assert "image_hashes [7] is new" not in history.of(PAIRS).reasons
