"""LAP's rules of staleness compared with Dagster's own resolver, over random histories of runs."""

from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContext
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.partitions import ALL, LOWER_OR_SAME, SUBFOLDER_PARTITIONS
from tests.profiles import examples

KEYS = ("0", "4", "9")
ASSETS = ("root", "leaf", "pairs", "decisions", "whole")
SLOTS: list[AssetPartition] = [(asset, None if asset in ("root", "whole") else key) for asset in ASSETS for key in KEYS]


class _Loading(LoadingContext):
    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance, self._loaders = instance, {}  # type: ignore[var-annotated]

    @property
    def instance(self) -> dg.DagsterInstance:
        return self._instance

    @property
    def loaders(self) -> dict[Any, Any]:
        return self._loaders


def definitions(content: dict[str, str], codes: dict[str, str]) -> dg.Definitions:
    """The real graph's mappings: none to partitioned, identity, triangle, all to all, partitioned to none."""

    def made(name: str, cut: bool, deps: list[Any]) -> dg.AssetsDefinition:
        @dg.asset(name=name, deps=deps, code_version=codes[name], partitions_def=SUBFOLDER_PARTITIONS if cut else None)
        def asset() -> dg.MaterializeResult[None]:
            return dg.MaterializeResult(data_version=dg.DataVersion(content[name]))

        return asset

    return dg.Definitions(
        [
            made("root", False, []),
            made("leaf", True, ["root"]),
            made("pairs", True, [dg.AssetDep("leaf", partition_mapping=LOWER_OR_SAME)]),
            made("decisions", True, [dg.AssetDep("pairs", partition_mapping=ALL), dg.AssetDep("leaf")]),
            made("whole", False, [dg.AssetDep("decisions")]),
        ],
        executor=dg.in_process_executor,
    )


EVENTS = st.lists(st.tuples(st.sampled_from(SLOTS), st.sampled_from("ab"), st.booleans()), min_size=1, max_size=14)


@pytest.mark.slow
@given(events=EVENTS)
@examples(12)
def test_it_agrees_with_dagster_except_on_inputs_first_made_afterwards(
    events: list[tuple[AssetPartition, str, bool]],
) -> None:
    content, codes = dict.fromkeys(ASSETS, "a"), dict.fromkeys(ASSETS, "1")
    with dg.DagsterInstance.ephemeral() as instance:
        for (asset, partition), version, raises_code in events:
            content[asset] = version
            codes[asset] = "2" if raises_code else codes[asset]
            job = definitions(content, codes).resolve_implicit_global_asset_job_def()
            job.execute_in_process(instance=instance, partition_key=partition, asset_selection=[dg.AssetKey(asset)])
        graph = Graph(definitions(content, codes))
        ours = GraphStatus(graph, instance, None)
        theirs = CachingStaleStatusResolver(instance, graph.asset_graph, _Loading(instance))
        for slot in SLOTS:
            dagster_status = theirs.get_status(dg.AssetKey(slot[0]), slot[1])
            mine = ours.of(slot)
            if mine.status is Status.STALE and all(cause.endswith("is new") for cause in mine.reasons):
                continue  # what Dagster ignores, or names differently
            assert mine.status.value.upper() == dagster_status.name, (slot, mine)


def test_an_input_first_made_afterwards_makes_a_partition_stale() -> None:
    content, codes = dict.fromkeys(ASSETS, "a"), dict.fromkeys(ASSETS, "1")
    defs = definitions(content, codes)
    with dg.DagsterInstance.ephemeral() as instance:
        job = defs.resolve_implicit_global_asset_job_def()
        for asset in ("pairs", "leaf"):
            job.execute_in_process(instance=instance, partition_key="4", asset_selection=[dg.AssetKey(asset)])
        graph = Graph(defs)
        theirs = CachingStaleStatusResolver(instance, graph.asset_graph, _Loading(instance))
        assert theirs.get_status(dg.AssetKey("pairs"), "4") is StaleStatus.FRESH
        status = GraphStatus(graph, instance, None).of(("pairs", "4"))
        assert (status.status, status.reasons) == (Status.STALE, ("leaf [4] is new",))
        assert GraphStatus(graph, instance, None).of(("pairs", "0")).status is Status.MISSING


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_failed_run_is_reported_with_its_reason_and_counted_until_an_input_changes(attempts: int) -> None:
    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS, code_version="1")
    def leaf() -> None: ...

    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS, code_version="1", deps=[leaf])
    def broken() -> None:
        raise dg.Failure("the disk is on fire", allow_retries=False)

    defs = dg.Definitions([leaf, broken], executor=dg.in_process_executor)
    job = defs.resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:

        def run(asset: str) -> None:
            job.execute_in_process(
                instance=instance, partition_key="4", asset_selection=[dg.AssetKey(asset)], raise_on_error=False
            )

        run("leaf")
        for _ in range(attempts):
            run("broken")
        look = GraphStatus(Graph(defs), instance, None)
        assert look.of(("broken", "4")).status is Status.FAILED
        assert "the disk is on fire" in look.of(("broken", "4")).reasons[0]
        assert look.tries(("broken", "4")) == attempts
        run("leaf")
        assert GraphStatus(Graph(defs), instance, None).tries(("broken", "4")) == 0
