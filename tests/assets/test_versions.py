"""Data versions: equal exactly for equal content; tables are stored atomically."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.table_store import TableStore
from lap_assets.versions import content_version, last_table

rows = st.lists(st.tuples(st.integers(0, 3), st.text(max_size=3)), max_size=4)


def frame(values: list[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(values, schema={"id": pl.Int64, "said": pl.String}, orient="row")


@pytest.mark.slow
@given(rows, rows)
def test_versions_are_equal_exactly_for_equal_rows(one: list[tuple[int, str]], other: list[tuple[int, str]]) -> None:
    assert (content_version(frame(one)) == content_version(frame(other))) is (one == other)


def test_a_version_depends_on_types_and_may_ignore_columns() -> None:
    table = frame([(1, "a")])
    assert content_version(table) != content_version(table.cast({"id": pl.Int32}))
    later = table.with_columns(said=pl.lit("b"))
    assert content_version(table, ["id"]) == content_version(later, ["id"])


vectors = st.lists(
    st.none() | st.lists(st.none() | st.sampled_from([0.0, 1.0, 1.5]), max_size=3), max_size=3
)  # fmt: skip


@given(vectors, vectors)
def test_vectors_count_by_their_numbers(one: list[list[float] | None], other: list[list[float] | None]) -> None:
    tables = [
        pl.DataFrame(
            {"id": [7] * len(given_vectors), "vector": given_vectors}, {"id": pl.Int8, "vector": pl.List(pl.Float32)}
        )
        for given_vectors in (one, other)
    ]
    assert (content_version(tables[0]) == content_version(tables[1])) is (one == other)


def test_a_table_with_other_columns_is_not_reused(tmp_path: Path) -> None:
    assert last_table(tmp_path, "things", "0", ["id", "said"]) is None
    (tmp_path / "things").mkdir()
    frame([(1, "a")]).write_parquet(tmp_path / "things" / "0.parquet")
    kept = last_table(tmp_path, "things", "0", ["id", "said"])
    assert kept is not None
    assert kept.height == 1
    assert last_table(tmp_path, "things", "0", ["id"]) is None


PARTS = dg.StaticPartitionsDefinition(["0", "1"])
LOWER = dg.StaticPartitionMapping({"0": {"0", "1"}, "1": {"1"}})


@pytest.mark.parametrize("partition", ["0", "1"])
def test_a_mapping_input_stays_a_mapping_for_any_number_of_partitions(tmp_path: Path, partition: str) -> None:
    seen: dict[str, list[str]] = {}

    @dg.asset(partitions_def=PARTS)
    def upper(context: dg.AssetExecutionContext) -> pl.DataFrame:
        return frame([(int(context.partition_key), "x")])

    @dg.asset(
        partitions_def=PARTS,
        ins={"upper": dg.AssetIn(partition_mapping=LOWER, metadata={"allow_missing_partitions": True})},
    )
    def lower(context: dg.AssetExecutionContext, upper: dict[str, pl.DataFrame]) -> pl.DataFrame:
        seen[context.partition_key] = sorted(upper)
        return pl.concat(upper.values())

    store = {"io_manager": TableStore(base_dir=str(tmp_path))}
    for key in ("0", "1"):
        assert dg.materialize([upper], partition_key=key, resources=store).success
    assert dg.materialize([upper, lower], selection=[lower], partition_key=partition, resources=store).success
    assert seen[partition] == ["0", "1"][: int(partition) + 1]
    assert pl.read_parquet(tmp_path / "lower" / f"{partition}.parquet").height == int(partition) + 1
    assert not list(tmp_path.rglob("*.part"))
