"""A site's state rebuilt from manifests and the store: no held poster is unknown afterwards."""

from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.errors import StateError
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.picture_limits import Limits
from lap_assets.core.set_aside import set_aside
from lap_assets.integrity.issues import find_issues
from lap_assets.posters.manifest import manifest
from lap_assets.posters.picture_rows import Fetched, keep, known
from lap_assets.posters.relearn import relearn
from lap_assets.posters.store import check_picture
from lap_assets.sites.mal_rows import catalog
from lap_assets.sites.mal_site import PAGE_KIND, SPEC, table_of
from lap_assets.sites.page_records import due_pages
from lap_assets.sites.ratings import Rating, rating_told
from lap_assets.sites.state import SiteState

HELD = PosterName.mal(5, 1018, 120197)
DELISTED = PosterName.mal(5, 1018, 7)
UNLISTED = PosterName.mal(6, 1, 2)


def paint(home: Home, name: PosterName, shade: int) -> bytes:
    path = home.poster(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 60), (shade, 20, 30)).save(path)
    return path.read_bytes()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with two posters in a manifest, one only in the store, and a catalog of one anime."""
    home = Home(tmp_path)
    pictures = {name: check_picture(paint(home, name, n * 50)) for n, name in enumerate((HELD, DELISTED, UNLISTED))}
    with SiteState(home.state, SPEC.site) as state:
        with state.transaction():
            keep(state, 5, [Fetched(name, name.image_url, pictures[name], 1e9) for name in (HELD, DELISTED)])
            state.db.execute("UPDATE pictures SET gone_since = 1.1e9 WHERE name = ?", (str(DELISTED),))
            state.db.execute(
                "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, rating, told)"
                " VALUES (5, 'cowboy', 0, 1e9, 1.2e9, 2, 'rated'), (8, 'rx', 1, 1e9, 1.2e9, 2, 'rx'),"
                " (9, 'listed', 1, 1e9, 1.2e9, 2, NULL), (10, 'open', 0, 1e9, 1.2e9, 2, NULL)"
            )
        tables = {"mal_posters/0": manifest(state, [(5, 5)], home), "mal_catalog": table_of(catalog(state))}
    for place, table in tables.items():
        path = home.tables / f"{place}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(path)
    return home


def test_a_damaged_state_is_reported_and_rebuilt(home: Home) -> None:
    path = home.state / "mal.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(StateError, match=r"mal\.sqlite is cut short; `lap verify --repair`"):
        SiteState(home.state, SPEC.site)
    assert [(one.path, one.what) for one in find_issues(home)] == [(path, "changed")]
    set_aside(home, path)
    assert [(one.path, one.what) for one in find_issues(home)] == [(path, "missing")]
    assert relearn(home, SPEC, Limits()) == 3
    with SiteState(home.state, SPEC.site) as state:
        assert set(known(state, 5)) == {HELD, DELISTED}
        assert set(known(state, 6)) == {UNLISTED}
        assert state.rows("SELECT name, gone_since FROM pictures WHERE gone_since IS NOT NULL") == [
            (str(DELISTED), 1.1e9)
        ]
        # Pages with posters count as read when those were fetched.
        assert due_pages(state, PAGE_KIND, [5, 6, 7], before=1e9) == [7]
        assert table_of(catalog(state)).equals(pl.read_parquet(home.tables / "mal_catalog.parquet"))
        assert rating_told(state, 5) is Rating.RATED
        assert {rating_told(state, mal_id) for mal_id in (8, 9, 10)} <= {Rating.RX, Rating.UNKNOWN}
        assert manifest(state, [(5, 5)], home).height == 2
    assert [one for one in find_issues(home) if one.kind == "poster"] == []


def test_an_empty_state_beside_posters_is_damage(home: Home) -> None:
    (home.state / "mal.sqlite").write_bytes(b"")
    with pytest.raises(StateError, match="is empty"):
        SiteState(home.state, SPEC.site)
