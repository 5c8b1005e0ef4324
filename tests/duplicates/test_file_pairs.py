"""Pairs among files without tables: measures, ranges and groups."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lap_assets.core.errors import InputError
from lap_assets.duplicates.file_pairs import FilePairs, file_pairs
from lap_assets.duplicates.hashing import hash_image
from tests.support import HAS_MODELS


def name(anime: int, number: int) -> str:
    return f"MAL{anime:05d}_0001_{number:06d}.jpg"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three pictures of smooth noise, and copies of the first at 0.45 of its size: two, and one of another anime."""
    folder = tmp_path_factory.mktemp("files")
    paths = []
    for number in range(3):
        noise = np.random.default_rng(number).integers(0, 256, (12, 9, 3), dtype=np.uint8)
        path = folder / name(1, number + 1)
        Image.fromarray(noise).resize((450, 600), Image.Resampling.BICUBIC).save(path, quality=95)
        paths.append(path)
    for index, (anime, number) in enumerate(((1, 8), (1, 9), (2, 1))):
        with Image.open(paths[0]) as original:
            small = original.resize((202, 270), Image.Resampling.LANCZOS)
        small.save(folder / name(anime, number), quality=90 - index)
        paths.append(folder / name(anime, number))
    return paths


def distances(found: FilePairs) -> dict[tuple[int, int], float]:
    return {(pair.first, pair.second): pair.distance for pair in found.pairs}


@pytest.mark.parametrize("measure", ["ahash", "phash", "dhash"])
def test_16_17_each_method_finds_every_pair_with_its_own_distances(files: list[Path], measure: str) -> None:
    found = distances(file_pairs(files, measure, (0, 64)))  # type: ignore[arg-type]
    codes = [getattr(hash_image(path), measure) for path in files]
    assert found == {
        (i, j): (codes[i] ^ codes[j]).bit_count() for i in range(len(files)) for j in range(i + 1, len(files))
    }


@pytest.mark.parametrize("measure", ["ahash", "phash", "dhash"])
def test_18_19_copies_are_near_and_others_about_half_the_bits_away(files: list[Path], measure: str) -> None:
    found = distances(file_pairs(files, measure, (0, 64)))  # type: ignore[arg-type]
    assert max(found[0, 3], found[0, 4], found[0, 5]) <= 2
    assert min(found[0, 1], found[0, 2], found[1, 2]) >= 18


def test_20_21_group_mode_compares_one_anime_at_a_time_in_any_order(files: list[Path]) -> None:
    anime = [int(path.name[3:8]) for path in files]
    found = distances(file_pairs(files, "ahash", (0, 4), groups=anime))
    assert set(found) == {(0, 3), (0, 4), (3, 4)}
    mixed = [files[index] for index in (5, 3, 0, 4)]
    assert len(file_pairs(mixed, "ahash", (0, 4), groups=[2, 1, 1, 1]).pairs) == 3


def test_22_a_range_of_zero_is_a_limit(files: list[Path]) -> None:
    assert set(distances(file_pairs([*files, files[0]], "ahash", (0, 0))).values()) <= {0.0}
    near = distances(file_pairs(files, "dhash", (0, 64)))
    within = distances(file_pairs(files, "dhash", (20, 40)))
    assert within == {pair: far for pair, far in near.items() if 20 <= far <= 40}
    assert within


def test_two_lists_are_compared_with_each_other_and_no_file_with_itself(files: list[Path]) -> None:
    both = [*files[:4], files[0], files[4]]
    found = distances(file_pairs(both, "ahash", (0, 4), sides=[0, 0, 0, 0, 1, 1]))
    assert set(found) == {(0, 5), (3, 4), (3, 5)}


def test_pairs_are_sorted_by_distance_and_unreadable_files_reported(files: list[Path], tmp_path: Path) -> None:
    torn = tmp_path / name(1, 77)
    torn.write_bytes(b"torn")
    found = file_pairs([*files, torn], "phash", (0, 64))
    assert [pair.distance for pair in found.pairs] == sorted(pair.distance for pair in found.pairs)
    assert len(found.problems) == 1
    assert name(1, 77) in found.problems[0]
    assert len(found.sha256) == len(files)


@pytest.mark.skipif(not HAS_MODELS, reason="the package's small models are not there")
def test_16_vectors_are_compared_by_cosine(files: list[Path]) -> None:
    found = distances(file_pairs(files, "cosine", (0, 2), model="lap-tiny"))
    assert len(found) == 15
    assert max(found[0, 3], found[0, 4], found[0, 5]) < min(found[0, 1], found[0, 2], found[1, 2])


def test_invalid_arguments_are_refused(files: list[Path]) -> None:
    with pytest.raises(InputError, match="unknown measure 'color': expected one of"):
        file_pairs(files, "color", (0, 1))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no model for the measure 'cosine'"):
        file_pairs(files, "cosine", (0, 1))
    for reach in ((-1, 3), (3, 1), (float("nan"), 1)):
        with pytest.raises(InputError, match="invalid range of distances"):
            file_pairs(files, "ahash", reach)
