"""The table store: an unreadable table with a materialization is an error; a table never made may be missing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import dagster as dg
import polars as pl
import pytest

from lap_assets.core.files import write_bytes
from lap_assets.core.home import Home
from lap_assets.engine.failure_reasons import failure_reason
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.partitions import ALL, SUBFOLDER_PARTITIONS
from lap_assets.table_files import table_problem
from lap_assets.table_store import TableStore
from tests.slow import mostly_slow

PLACE: Final = "tables/pairs/3.parquet"


@dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
def pairs(context: dg.AssetExecutionContext) -> dg.Output[pl.DataFrame]:
    table = pl.DataFrame({"first": [context.partition_key] * 4, "second": list("abcd")})
    return dg.Output(table, data_version=dg.DataVersion("1"))


@dg.asset(ins={"pairs": dg.AssetIn(partition_mapping=ALL, metadata={"allow_missing_partitions": True})})
def decided(pairs: dict[str, pl.DataFrame]) -> dg.Output[pl.DataFrame]:
    return dg.Output(pl.concat(pairs.values()), data_version=dg.DataVersion("1"))


def take_away(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    write_bytes(path, b"")


def cut_short(path: Path) -> None:
    write_bytes(path, path.read_bytes()[:-20])


def lose_the_start(path: Path) -> None:
    write_bytes(path, path.read_bytes()[9:])


def replace_by_a_page(path: Path) -> None:
    write_bytes(path, b"<html>not found</html>")


def break_the_footer(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[-60:-8] = b"\xff" * 52
    write_bytes(path, bytes(body))


def drop_a_column(path: Path) -> None:
    pl.read_parquet(path).drop("second").write_parquet(path)


DAMAGES: Final[Mapping[str, tuple[Callable[[Path], None], str]]] = {
    "taken away": (take_away, "is missing"),
    "empty": (empty, "is empty"),
    "cut short": (cut_short, "is cut short"),
    "without its start": (lose_the_start, "is not a Parquet file"),
    "a web page": (replace_by_a_page, "is not a Parquet file"),
    "a footer of another file": (break_the_footer, "is damaged"),
    "a column less": (drop_a_column, "lacks the column second"),
}


class Made:
    """A small graph of which tables 1 and 3 were made."""

    def __init__(self, home: Path, instance: dg.DagsterInstance) -> None:
        self.home, self.instance = home, instance
        self.store = TableStore(base_dir=str(home / "tables"))
        self.graph = Graph(dg.Definitions(assets=[pairs, decided], resources={"io_manager": self.store}))
        for key in ("1", "3"):
            self.make(pairs, key)

    def make(self, asset: dg.AssetsDefinition, key: str | None = None) -> str | None:
        """Materialize one asset as plain Dagster does; return why it failed."""
        ran = dg.materialize(
            [pairs, decided], selection=[asset], partition_key=key, instance=self.instance, raise_on_error=False,
            resources={"io_manager": self.store},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )  # fmt: skip
        return None if ran.success else failure_reason(ran.all_events).text

    def status(self) -> GraphStatus:
        return GraphStatus(self.graph, self.instance, self.home / "tables")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    with open_instance(Home(tmp_path)) as instance:
        yield Made(tmp_path, instance)


@pytest.mark.parametrize("damage", mostly_slow(DAMAGES, {"taken away", "a column less"}))
def test_a_lost_table_is_stale_cannot_be_loaded_and_is_made_again(made: Made, damage: str) -> None:
    assert made.make(decided) is None
    spoil, problem = DAMAGES[damage]
    before, kept = (made.home / PLACE).read_bytes(), (made.home / "tables" / "decided.parquet").read_bytes()
    spoil(made.home / PLACE)
    look = made.status()
    assert (look.of(("pairs", "3")).status, look.of(("pairs", "3")).reasons) == (
        Status.STALE,
        (f"its table {problem}",),
    )
    assert look.of(("pairs", "1")).status is look.of(("decided", None)).status is Status.FRESH
    assert look.of(("pairs", "2")).status is Status.MISSING
    failed = made.make(decided)
    assert failed is not None
    assert failed.startswith(f"the table of pairs [3] {problem} (")
    assert failed.endswith("`lap refresh` makes it again")
    assert (made.home / "tables" / "decided.parquet").read_bytes() == kept
    assert made.make(pairs, "3") is None
    assert (made.home / PLACE).read_bytes() == before
    assert made.make(decided) is None


def test_a_table_with_unreadable_rows_is_quarantined_when_it_is_loaded(made: Made) -> None:
    path = made.home / PLACE
    body = bytearray(path.read_bytes())
    body[4:40] = b"\xff" * 36  # its ends and its footer stay intact
    write_bytes(path, bytes(body))
    assert table_problem(path) is None
    failed = made.make(decided)
    assert failed is not None
    assert failed.startswith("the table of pairs [3] was damaged and moved to ")
    assert (made.home / "set_aside" / PLACE).read_bytes() == bytes(body)
    assert made.status().of(("pairs", "3")).reasons == ("its table is missing",)


def test_a_temporary_instance_uses_the_homes_event_log(made: Made) -> None:
    (made.home / PLACE).unlink()
    with dg.DagsterInstance.ephemeral() as passing:
        made.instance = passing
        failed = made.make(decided)
    assert failed is not None
    assert failed.startswith("the table of pairs [3] is missing")


def test_a_table_never_made_may_be_missing(made: Made) -> None:
    assert made.make(decided) is None
    assert set(pl.read_parquet(made.home / "tables" / "decided.parquet")["first"]) == {"1", "3"}
