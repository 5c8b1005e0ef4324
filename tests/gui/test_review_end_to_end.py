"""From a home's posters through both tools, operated by hand, to the decisions of the graph."""

from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl
import pytest
from PIL import Image

from lap_assets.assets.decisions import resolution_assets, review_verdicts
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.core.verdicts.contents import Poster
from lap_assets.duplicates.candidate_pairs import find_hash_pairs
from lap_assets.duplicates.hash_table import hash_table
from lap_assets.duplicates.rules import DEFAULT_RULES, Rules
from lap_assets.duplicates.tables import COSINE_PAIRS
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.pictures.gate import Limits
from lap_assets.posters.store import store
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.table_store import TableStore
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.lists import read_list
from lap_gui.review.logs import logs_for_folder, logs_for_list
from lap_gui.review.poster_files import PosterFolder, guess_folder
from tests.gui.hands import Hands

NAMES = [f"MAL00001_0001_{number:06d}.jpg" for number in range(1, 6)]
RULES = Rules(rules=tuple(rule for rule in DEFAULT_RULES.rules if rule.name != "same_ahash"))
"""Without the rule that acts alone: people decide all pairs of an anime."""


def graph(home: Home, hashes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Run the real decision assets on given hashes; return the decisions and candidates of subfolder 0."""
    empty = pl.DataFrame(schema=COSINE_PAIRS)

    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def image_hashes() -> pl.DataFrame:
        return hashes

    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def hash_pairs() -> pl.DataFrame:
        return find_hash_pairs(hashes.drop("method"), None, DEFAULT_RULES)

    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def embedding_pairs() -> pl.DataFrame:
        return empty

    ran = dg.materialize(
        [image_hashes, hash_pairs, embedding_pairs, review_verdicts, *resolution_assets(RULES)],
        partition_key="0",
        resources={
            "io_manager": TableStore(base_dir=str(home.tables)),
            "run_context": RunContext(Settings(home=home.root)),
        },
    )
    assert ran.success
    return tuple(
        pl.read_parquet(home.tables / asset / "0.parquet") for asset in ("dedup_decisions", "review_candidates")
    )  # type: ignore[return-value]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Write five posters of an anime: one picture in three sizes, another, and a copy of the other."""
    new_home = Home(tmp_path / "home")
    for place, (seed, wide) in enumerate(((1, 400), (1, 300), (1, 200), (2, 300), (2, 250))):
        noise = np.random.default_rng(seed).integers(0, 256, (12, 9, 3), dtype=np.uint8)
        picture = Image.fromarray(noise).resize((wide, wide * 4 // 3), Image.Resampling.BICUBIC)
        new_home.posters.joinpath("0").mkdir(parents=True, exist_ok=True)
        picture.save(new_home.poster(PosterName.parse(NAMES[place])), quality=92)
    return new_home


@pytest.fixture
def hashes(home: Home) -> pl.DataFrame:
    rows = []
    for name in NAMES:
        path = home.poster(PosterName.parse(name))
        held = store(path, path.read_bytes(), Limits(pixels=10**7))
        rows.append({"name": name, "mal_id": 1, "source": "mal", "sha256": held.sha256, "bytes": held.bytes,
                     "width": held.width, "height": held.height})  # fmt: skip
    return hash_table(pl.DataFrame(rows), previous=None, home=home, title="", progress=Silent())


def test_what_both_tools_wrote_comes_back_as_decisions(home: Home, hashes: pl.DataFrame, hands: Hands) -> None:
    before, candidates = graph(home, hashes)
    assert set(before["decision"]) == {"keep"}
    assert candidates.height == 4  # three of the one picture, one of the other
    listed = home.candidates / "0.csv"
    comparer = Comparer(
        ReviewSession(read_list(listed).pairs, logs_for_list(listed), "ann"), PosterFolder(guess_folder(listed))
    )
    hands.on(comparer)
    done = 0
    while (pair := comparer.session.pair) is not None:
        hands.press("space" if NAMES[0] in (pair.first.name, pair.second.name) else "r")
        done += 1
    comparer.close()
    assert done == 3  # the pair of the two removed ones is passed over

    groups = Groups(PosterFolder(home.root).groups("0"), read_list(listed).pairs)
    explorer = Explorer(groups, Marking(logs_for_folder(home.root), "bob", [Poster(name) for name in NAMES]))
    hands.on(explorer)
    assert [tile.path.name for tile in explorer.grid.tiles] == [NAMES[0], NAMES[3], NAMES[4]]
    hands.press("3")
    explorer.close()

    after, left = graph(home, hashes)
    decided = {row["name"]: row for row in after.iter_rows(named=True)}
    assert {name: row["decision"] for name, row in decided.items()} == {
        NAMES[0]: "keep", NAMES[1]: "remove", NAMES[2]: "remove", NAMES[3]: "keep", NAMES[4]: "remove",
    }  # fmt: skip
    assert [decided[name]["survivor"] for name in NAMES[1:3]] == [NAMES[0], NAMES[0]]
    assert [decided[name]["reviewer"] for name in (NAMES[1], NAMES[4])] == ["ann", "bob"]
    assert left.height == 0
    assert read_list(listed).pairs == ()
