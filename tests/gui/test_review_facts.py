"""JPEG quality, which poster is better and why, the remaining time, and the locations of posters."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.pictures.jpeg_quality import Quality, quality_of
from lap_gui.review.eta import PAUSE, describe, seconds_left
from lap_gui.review.image_facts import ImageFacts, judge
from lap_gui.review.logs import logs_for_folder, logs_for_list
from lap_gui.review.poster_files import PosterFolder, guess_folder
from tests.gui.words import NAMES

A, B = NAMES[:2]


def tables(mode: str, **options: object) -> dict[int, list[int]]:
    body = io.BytesIO()
    Image.new(mode, (16, 16), 90 if mode == "L" else (90, 20, 20)).save(body, "JPEG", **options)
    with Image.open(io.BytesIO(body.getvalue())) as picture:
        return dict(picture.quantization)  # type: ignore[attr-defined]


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_the_quality_of_what_pillow_saved_is_told_exactly(mode: str) -> None:
    qualities = [quality_of(tables(mode, quality=quality)) for quality in range(1, 101)]
    assert qualities == [Quality(quality, exact=True) for quality in range(1, 101)]


def test_tables_of_another_program_give_a_guess_that_says_so() -> None:
    found = quality_of(tables("RGB", qtables="web_high"))
    assert found is not None
    assert not found.exact
    assert str(found).startswith("~")
    assert quality_of({}) is None


sizes = st.builds(
    ImageFacts, st.sampled_from([A, B, *NAMES]), st.integers(1, 30), st.integers(1, 30), st.integers(1, 9),
    st.one_of(st.none(), st.builds(Quality, st.integers(1, 100), st.booleans())),
)  # fmt: skip


@given(sizes, sizes)
def test_13_the_better_one_has_more_pixels_then_more_bytes_then_the_earlier_name(
    one: ImageFacts, other: ImageFacts
) -> None:
    judged = judge(one, other)
    kept, removed = (one, other) if judged.better == "first" else (other, one)
    assert (kept.pixels, kept.bytes) >= (removed.pixels, removed.bytes)
    if (kept.pixels, kept.bytes) == (removed.pixels, removed.bytes):
        assert kept.name <= removed.name
    assert kept.size.key <= removed.size.key
    assert ("JPEG quality" in judged.but) == (
        kept.quality is not None and removed.quality is not None and kept.quality.value < removed.quality.value
    )


def test_13_a_heavy_small_picture_does_not_beat_a_light_large_one() -> None:
    noise, poster = (
        ImageFacts(A, 200, 300, 900_000, Quality(99, True)),
        ImageFacts(B, 1000, 1500, 80_000, Quality(75, True)),
    )
    judged = judge(noise, poster)
    assert judged.better == "second"
    assert judged.why == "25.0 times the pixels"
    assert judged.but == "its JPEG quality is lower: 75 to 99"


def test_pauses_do_not_change_what_is_left() -> None:
    steady = [2.0 * n for n in range(20)]
    paused = steady[:10] + [moment + 10 * PAUSE for moment in steady[10:]]
    assert seconds_left(steady, 100) == seconds_left(paused, 100) == 200
    assert seconds_left(steady[:3], 100) is None
    assert [describe(None), describe(5), describe(600), describe(7200)] == [
        "",
        "less than a minute",
        "about 10 min",
        "about 2.0 h",
    ]


@pytest.mark.parametrize("below", ["posters/0", "0", "."])
def test_a_poster_is_found_wherever_folders_keep_it(tmp_path: Path, below: str) -> None:
    path = tmp_path / below / A
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    folder = PosterFolder(tmp_path)
    assert folder.find(A).samefile(path)
    assert not folder.find(B).exists()
    assert [[found.name for found in group] for group in folder.groups().values()] == [[A]]
    with pytest.raises(ValueError, match="not a poster's name"):
        folder.find("../secret.jpg")


def test_21_groups_go_by_the_names_numbers_whatever_order_files_lie_in(tmp_path: Path) -> None:
    names = ["MAL123456_0001_000002.jpg", "MAL12345_WA00001_001.jpg", "MAL00002_0001_000009.jpg", "WA00001_001.jpg",
             "MAL123456_WA00001_001.jpg", "MAL12345_0001_000001.jpg", "notes.txt"]  # fmt: skip
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "del").mkdir()
    (tmp_path / "del" / "MAL00002_0001_000010.jpg").write_bytes(b"x")
    groups = PosterFolder(tmp_path).groups()
    assert {anime: [path.name for path in group] for anime, group in groups.items()} == {
        2: ["MAL00002_0001_000009.jpg"],
        12345: ["MAL12345_0001_000001.jpg", "MAL12345_WA00001_001.jpg"],
        123456: ["MAL123456_0001_000002.jpg", "MAL123456_WA00001_001.jpg"],
    }
    assert list(groups) == [2, 12345, 123456]
    assert list(PosterFolder(tmp_path).groups("0")) == [2]


def test_where_verdicts_and_pictures_are_guessed(tmp_path: Path) -> None:
    listed = tmp_path / "home" / "review" / "candidates" / "3.csv"
    (tmp_path / "home" / "posters" / "0").mkdir(parents=True)
    listed.parent.mkdir(parents=True)
    verdicts = tmp_path / "home" / "review" / "verdicts"
    assert logs_for_list(listed).of("MAL05000_0001_000001.jpg") == verdicts / "3.jsonl"
    assert guess_folder(listed) == tmp_path / "home"
    for inside in ("home", "home/posters", "home/posters/0"):
        assert logs_for_folder(tmp_path / inside).of(A) == verdicts / "0.jsonl"
    alone = tmp_path / "mine.csv"
    assert logs_for_list(alone).of(A) == tmp_path / "mine.verdicts.jsonl"
    assert guess_folder(alone) == tmp_path
    assert logs_for_folder(tmp_path / "other").of(A) == tmp_path / "other" / "marks.verdicts.jsonl"
