"""An unpartitioned input of which each partition uses its own rows: what stays unchanged when the input changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.engine.graph import Graph
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.materializations import UNCHANGED_SINCE, made_at
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.slices import record_unchanged, rows_tag
from tests.engine.test_staleness import _Loading
from tests.profiles import examples
from tests.slow import mostly_slow

Rows = dict[str, str]
KEYS = ("0", "3", "5")
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Slices:
    """`source` holds a text for each subfolder, `cut [k]` is made from the text of its own, `after [k]` from that."""

    def __init__(self, instance: dg.DagsterInstance, rows: Rows) -> None:
        self.instance, self.rows, self.code, self.fails = instance, rows, "1", False

    @property
    def definitions(self) -> dg.Definitions:
        @dg.asset
        def source(context: dg.AssetExecutionContext) -> Iterator[dg.Output[None]]:
            yield dg.Output(None, data_version=dg.DataVersion(repr(self.rows)))
            record_unchanged(context, "source", {"cut": self.rows})

        @dg.asset(partitions_def=SUBFOLDER_PARTITIONS, deps=["source", "other"], code_version=self.code)
        def cut(context: dg.AssetExecutionContext) -> dg.Output[None]:
            if self.fails:
                raise ValueError("no")
            text = self.rows[context.partition_key]
            long = dg.MetadataValue.md("x" * 5000)
            return dg.Output(
                None,
                data_version=dg.DataVersion(text),
                tags=rows_tag("source", text),
                metadata={"length": len(text), "sheet": long},
            )

        @dg.asset(partitions_def=SUBFOLDER_PARTITIONS, deps=["cut"])
        def after(context: dg.AssetExecutionContext) -> dg.Output[None]:
            return dg.Output(None, data_version=dg.DataVersion(f"after {self.rows[context.partition_key]}"))

        @dg.asset
        def other() -> dg.Output[None]:
            return dg.Output(None, data_version=dg.DataVersion("other"))

        return dg.Definitions([source, other, cut, after], executor=dg.in_process_executor)

    def make(self, asset: str, key: str | None = None) -> bool:
        job = self.definitions.resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance,
            partition_key=key,
            asset_selection=[dg.AssetKey(asset)],
            run_config=QUIET,
            raise_on_error=False,
        ).success

    def make_all(self) -> None:
        for asset in ("other", "source"):
            assert self.make(asset)
        for key in KEYS:
            assert self.make("cut", key)
            assert self.make("after", key)

    def stale(self, asset: str) -> set[str]:
        """The partitions that LAP and Dagster both call stale."""
        graph = Graph(self.definitions)
        ours = GraphStatus(graph, self.instance, None)
        dagsters = CachingStaleStatusResolver(self.instance, graph.asset_graph, _Loading(self.instance))
        key = dg.AssetKey(asset)
        stale = {one for one in KEYS if dagsters.get_status(key, one) is StaleStatus.STALE}
        assert {one for one in KEYS if ours.of((asset, one)).status is not Status.FRESH} == stale
        return stale

    def latest(self, asset: str, key: str) -> Any:
        return GraphStatus(Graph(self.definitions), self.instance, None).event_log.latest((asset, key))


@pytest.fixture
def slices() -> Iterator[Slices]:
    with dg.DagsterInstance.ephemeral() as instance:
        made = Slices(instance, dict.fromkeys(KEYS, "a"))
        made.make_all()
        yield made


@pytest.mark.slow
@given(changes=st.lists(st.dictionaries(st.sampled_from(KEYS), st.sampled_from("ab"), max_size=3), max_size=3))
@examples(6)
def test_exactly_the_partitions_whose_rows_changed_are_stale(changes: list[Mapping[str, str]]) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        slices = Slices(instance, dict.fromkeys(KEYS, "a"))
        slices.make_all()
        made_from = dict(slices.rows)
        for change in changes:
            slices.rows |= change
            assert slices.make("source")
            assert slices.stale("cut") == {key for key in KEYS if slices.rows[key] != made_from[key]}
            assert slices.stale("after") == set()


def test_an_unchanged_partition_keeps_its_metadata_and_time(slices: Slices) -> None:
    first = slices.latest("cut", "3")
    for text in "bc":
        slices.rows["5"] = text
        assert slices.make("source")
    last = slices.latest("cut", "3")
    made = last.asset_materialization
    assert last.storage_id > first.storage_id
    assert made.description == "Unchanged: its rows of source have not changed."
    assert set(made.metadata) == {"length"}  # a contact sheet stays with the event that made it
    assert made.metadata["length"].value == 1
    assert UNCHANGED_SINCE in made.tags
    assert made_at(last) == made_at(first) == first.timestamp


def test_a_partition_stale_for_another_reason_stays_stale(slices: Slices) -> None:
    slices.code = "2"
    slices.rows["5"] = "b"
    assert slices.make("source")
    assert slices.stale("cut") == set(KEYS)


def test_a_partition_whose_last_run_failed_is_not_called_unchanged(slices: Slices) -> None:
    slices.fails = True
    assert not slices.make("cut", "3")
    slices.rows["5"] = "b"
    assert slices.make("source")
    look = GraphStatus(Graph(slices.definitions), slices.instance, None)
    assert look.of(("cut", "3")).status is Status.FAILED
    assert look.of(("cut", "0")).status is Status.FRESH


@pytest.mark.parametrize("asset", mostly_slow(["source", "cut"], {"source"}))
def test_a_wiped_asset_made_again_unchanged_makes_nothing_stale(slices: Slices, asset: str) -> None:
    slices.instance.wipe_assets([dg.AssetKey(asset)])
    keys = KEYS if asset == "cut" else (None,)
    for key in keys:
        assert slices.make(asset, key)
    look = GraphStatus(Graph(slices.definitions), slices.instance, None)
    for one in ("cut", "after"):
        assert {look.of((one, key)).status for key in KEYS} == {Status.FRESH}
