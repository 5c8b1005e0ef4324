"""A status snapshot after a run equals a new one, for the run's assets and those that it recorded as unchanged."""

import itertools

import dagster as dg
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.status import GraphStatus
from lap_assets.partitions import SUBFOLDER_PARTITIONS

KEYS = SUBFOLDER_PARTITIONS.get_partition_keys()[:3]


def definitions() -> dg.Definitions:
    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def pictures() -> None: ...

    @dg.asset(deps=[pictures])
    def whole() -> None: ...

    @dg.asset(deps=[whole], partitions_def=SUBFOLDER_PARTITIONS)
    def parts() -> None: ...

    @dg.asset(deps=[parts])
    def release() -> None: ...

    return dg.Definitions([pictures, whole, parts, release])


GRAPH = Graph(definitions())
Run = tuple[AssetPartition, int, list[tuple[str, int]], list[AssetPartition]]
"""A partition and its new version; its children's partitions recorded in the run; what was looked at before."""
SLOTS: list[AssetPartition] = [
    slot for asset in GRAPH.assets for slot in GRAPH.slots(asset) if slot[1] in (None, *KEYS)
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SLOTS),
            st.integers(0, 2),
            st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 2)), max_size=2),
            st.lists(st.sampled_from(SLOTS), max_size=4),
        ),
        max_size=6,
    )
)
def test_an_updated_snapshot_equals_a_new_one(
    runs: list[tuple[AssetPartition, int, list[tuple[str, int]], list[AssetPartition]]],
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        numbers = itertools.count()

        def event(slot: AssetPartition, version: int) -> None:
            tags = {"dagster/data_version": str(version), "dagster/code_version": "1"}
            for parent, _ in sorted(GRAPH.needs(slot), key=str):
                tags[f"dagster/input_data_version/{parent}"] = str(version)
                tags[f"dagster/input_event_pointer/{parent}"] = str(next(numbers))
            instance.report_runless_asset_event(dg.AssetMaterialization(slot[0], partition=slot[1], tags=tags))

        look = GraphStatus(GRAPH, instance, None)
        for slot, version, unchanged, looked_at in runs:
            for one in looked_at:
                look.of(one)
            event(slot, version)
            for child in sorted(GRAPH.children(slot[0])):
                for key, child_version in unchanged:
                    event((child, key if GRAPH.is_partitioned(child) else None), child_version)
            look = look.after([slot])
            anew = GraphStatus(GRAPH, instance, None)
            assert {one: look.of(one) for one in SLOTS} == {one: anew.of(one) for one in SLOTS}
