"""The catalogs' tables, and the matching of animations and anime."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of
from lap_assets.sites import mal_site, wa_site
from lap_assets.sites.catalogs import match, of_subfolder
from lap_assets.sites.mal_listing_crawl import CatalogRow
from lap_assets.sites.wa_id_crawl import WaRow

IDS = st.sampled_from([1, 2, 999, 1000, 2499, 2500, 49_999, 50_000, 60_000])


def wa_row(wa_id: int, mal_id: int | None) -> WaRow:
    return WaRow(wa_id, mal_id, "Тихий [Kite]", "ТВ", "драма", "01.02.2003", None, 3)


@given(st.dictionaries(IDS, st.booleans()), st.dictionaries(st.integers(1, 40), st.none() | IDS))
def test_the_pairs_are_those_of_listed_anime_that_are_not_excluded(
    listed: dict[int, bool], linked: dict[int, int | None]
) -> None:
    mal = mal_site.table_of([CatalogRow(mal_id, "x", excluded, 1.0, 2.0) for mal_id, excluded in listed.items()])
    wa = wa_site.table_of([wa_row(wa_id, mal_id) for wa_id, mal_id in linked.items()])
    for subfolder in SUBFOLDERS:
        expected = sorted(
            (mal_id, wa_id)
            for wa_id, mal_id in linked.items()
            if mal_id is not None and listed.get(mal_id) is False and subfolder_of(mal_id) == subfolder
        )
        assert match(mal, wa, subfolder).rows() == expected
        inside = sorted(one for one, rx in listed.items() if not rx and subfolder_of(one) == subfolder)
        assert of_subfolder(mal, subfolder)["mal_id"].to_list() == inside


def test_the_tables_have_their_columns_whether_or_not_there_are_rows() -> None:
    assert mal_site.table_of([]).schema == pl.Schema(mal_site.SCHEMA)
    assert wa_site.table_of([]).schema == pl.Schema(wa_site.SCHEMA)
    table = mal_site.table_of([CatalogRow(5, "Kite", True, 1.5, 86_400.25), CatalogRow(1, "A", False, 0.0, 0.0)])
    assert table.schema == pl.Schema(mal_site.SCHEMA)
    assert table["mal_id"].to_list() == [1, 5]
    assert table.row(1)[3:5] == (
        datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC),
        datetime(1970, 1, 2, 0, 0, 0, 250_000, UTC),
    )
    assert wa_site.table_of([wa_row(2, None), wa_row(1, 7)]).select("wa_id", "mal_id", "score").rows() == [
        (1, 7, None),
        (2, None, None),
    ]
