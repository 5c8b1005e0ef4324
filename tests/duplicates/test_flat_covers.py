"""Covers with little structure are no evidence: no rule acts on them or calls them very likely; people see the pairs.

The 400 drawn covers (`flat_covers`) are all different, so every removal among them is wrong.
"""

import io
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from lap_assets.duplicates.candidate_pairs import find_hash_pairs, merge_pairs
from lap_assets.duplicates.hashing import ImageHashes, hash_images
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import DEFAULT_RULES, Rules, rules_from
from lap_assets.duplicates.tables import POSTER_FACTS, POSTERS
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from tests.duplicates.flat_covers import cover, cover_jpeg
from tests.duplicates.test_hashing import drawn

COVERS = 400
UNGUARDED = rules_from({"structure": 0, "other_ahash": {"agree": None}})


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> list[ImageHashes]:
    folder = tmp_path_factory.mktemp("covers")
    for number in range(COVERS):
        (folder / f"{number:04d}.jpg").write_bytes(cover_jpeg(number))
    return hashed(sorted(folder.iterdir()))


def hashed(paths: list[Path]) -> list[ImageHashes]:
    found = hash_images(paths)
    return [one for one in found if isinstance(one, ImageHashes)]


def table(hashes: list[ImageHashes], *, anime: int | None = None) -> pl.DataFrame:
    """Posters of one anime, or of a different anime each."""
    rows = []
    for number, one in enumerate(hashes, start=1):
        mal_id = anime or number
        row = {"name": f"MAL{mal_id:05d}_0001_{number:06d}.jpg", "mal_id": mal_id, "source": "mal", "problem": None}
        rows.append(row | {name: getattr(one, name) for name in (*POSTERS, *POSTER_FACTS) if hasattr(one, name)})
    return pl.DataFrame(rows, [*POSTERS.items(), *POSTER_FACTS.items()])


def decided(posters: pl.DataFrame, rules: Rules = DEFAULT_RULES, cosine: float | None = None) -> Resolution:
    """Resolve posters; with `cosine`, every two vectors have that distance."""
    by_vector = None
    if cosine is not None:
        names = combinations(sorted(posters["name"]), 2)
        by_vector = pl.DataFrame([(*pair, cosine) for pair in names], ["first", "second", "cosine"], orient="row")
        by_vector = by_vector.with_columns(pl.col("cosine").cast(pl.Float32))
    return resolve(posters, merge_pairs(find_hash_pairs(posters, None, rules), by_vector), NO_VERDICTS, rules)


def removed(resolution: Resolution) -> int:
    return resolution.decisions.filter(pl.col("decision") == "remove").height


@pytest.mark.parametrize("anime", [None, 7], ids=["of other anime", "of one anime"])
def test_no_rule_removes_one_of_many_different_flat_covers(covers: list[ImageHashes], anime: int | None) -> None:
    posters = table(covers, anime=anime)
    assert posters["sha256"].n_unique() == COVERS
    assert removed(decided(posters, UNGUARDED)) > COVERS // 4  # what the guards are for
    resolution = decided(posters)
    assert removed(resolution) == 0
    assert resolution.pending.height > 0


def test_no_flat_cover_is_very_likely_a_copy_by_its_vector(covers: list[ImageHashes]) -> None:
    little = [one for one in covers if one.structure < DEFAULT_RULES.structure][:40]
    assert not decided(table(little), cosine=0.1).pending["likely"].any()


def test_pictures_that_hold_enough_are_judged_as_before(tmp_path: Path) -> None:
    for number in range(12):
        picture = drawn(number, 300, 420)
        picture.save(tmp_path / f"{number:02d}-a.jpg", quality=90)
        picture.resize((200, 280)).save(tmp_path / f"{number:02d}-b.jpg", quality=75)
    posters = table(hashed(sorted(tmp_path.iterdir())))
    assert posters["structure"].to_numpy().min() >= DEFAULT_RULES.structure
    resolution = decided(posters)
    assert removed(resolution) == 12
    assert decided(posters, cosine=0.1).pending["likely"].any()


def test_a_true_copy_of_a_flat_cover_is_for_a_person(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02d}-a.jpg").write_bytes(cover_jpeg(number))
        small = cover(number).resize((200, 282))
        small.save(tmp_path / f"{number:02d}-b.jpg", quality=60)
    posters = table(hashed(sorted(tmp_path.iterdir())), anime=3)
    names = posters["name"].to_list()
    asked = set(decided(posters).pending.select("first", "second").iter_rows())
    lost = set(decided(posters).decisions.filter(pl.col("decision") == "remove")["name"])
    for first, second in zip(names[::2], names[1::2], strict=True):
        assert (first, second) in asked or {first, second} & lost


def test_equal_files_are_evidence_whatever_their_structure(covers: list[ImageHashes]) -> None:
    plain = min(covers, key=lambda one: one.structure)
    assert removed(decided(table([plain, plain]))) == 1


@pytest.mark.parametrize("quality", [15, 40, 95])
def test_structure_does_not_depend_on_quality(quality: int, tmp_path: Path) -> None:
    held = io.BytesIO()
    for number in range(30):
        cover(number).save(held := io.BytesIO(), "JPEG", quality=quality)
        (tmp_path / f"{number:02d}.jpg").write_bytes(held.getvalue())
    flat = [one.structure for number, one in enumerate(hashed(sorted(tmp_path.iterdir()))) if number % 5]  # no text
    assert max(flat) < DEFAULT_RULES.structure
