"""Connected groups of pairs, compared with a slow search from poster to poster."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.duplicates.pair_groups import connected, pair_groups
from tests.profiles import examples

NAMES = "abcdefghij"
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] < pair[1]))


def walked(links: list[tuple[str, str]]) -> set[frozenset[str]]:
    groups = {name: frozenset({name}) for link in links for name in link}
    for one, other in links:
        merged = groups[one] | groups[other]
        groups |= dict.fromkeys(merged, merged)
    return set(groups.values())


@given(pairs=PAIRS, joined=PAIRS, most=st.integers(1, 6))
@examples(60)
def test_every_pair_is_in_one_part_with_its_whole_group(
    pairs: list[tuple[str, str]], joined: list[tuple[str, str]], most: int
) -> None:
    table = pl.DataFrame(pairs, {"first": pl.String, "second": pl.String}, orient="row").with_row_index("row")
    parts = list(pair_groups(table, joined, most))
    rows = [row for part in parts for row in part.pairs["row"]]
    assert sorted(rows) == list(range(len(pairs)))
    where = {name: number for number, part in enumerate(parts) for name in part.names}
    assert (
        sum(len(part.names) for part in parts) == len(where) == len({name for pair in pairs + joined for name in pair})
    )
    for group in walked(pairs + joined):
        assert len({where[name] for name in group}) == 1
    for number, part in enumerate(parts):
        ends = [*part.pairs["first"], *part.pairs["second"]]
        assert {where[name] for name in ends} <= {number}


@given(pairs=PAIRS)
@examples(20)
def test_groups_up_to_the_limit_are_processed_together(pairs: list[tuple[str, str]]) -> None:
    table = pl.DataFrame(pairs, {"first": pl.String, "second": pl.String}, orient="row")
    assert len(list(pair_groups(table, [], len(pairs) + 1))) == (1 if pairs else 0)


def test_a_long_chain_is_one_group() -> None:
    links = np.random.default_rng(0).permutation(9999)
    assert not connected(10_000, links, links + 1).any()
