import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import NameInvalid
from lap_assets.core.names import PosterName, canonical_name, mal_id_of
from lap_assets.core.subfolders import subfolder_of
from lap_assets.sites.wa import image_urls

IDS = st.integers(1, 999_999_999)
NUMBERS = st.integers(0, 999_999_999)
NAMES = st.builds(PosterName.mal, IDS, NUMBERS, NUMBERS) | st.builds(PosterName.wa, IDS, NUMBERS, NUMBERS)


@given(NAMES)
def test_a_name_is_read_back_as_it_was_written(name: PosterName) -> None:
    assert PosterName.parse(str(name)) == name
    assert name.subfolder == subfolder_of(name.mal_id)


@given(NAMES, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_a_canonical_name_is_the_one_that_is_written(name: PosterName, first: int, second: int, third: int) -> None:
    mal, one, other = str(name).removeprefix("MAL").removesuffix(".jpg").split("_")
    tag = "WA" if one.startswith("WA") else ""
    given = f"MAL{'0' * first}{mal}_{tag}{'0' * second}{one.removeprefix(tag)}_{'0' * third}{other}.jpg"
    if max(len(part.removeprefix(tag)) for part in given[3:-4].split("_")) <= 9:
        assert canonical_name(given) == str(PosterName.parse(given)) == str(name)
        assert mal_id_of(given) == name.mal_id
    else:
        with pytest.raises(NameInvalid):
            canonical_name(given)


@given(st.sets(NAMES, max_size=20))
def test_different_posters_have_different_names(names: set[PosterName]) -> None:
    assert len({str(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("MAL00005_1018_120197.jpg", "https://cdn.myanimelist.net/images/anime/1018/120197l.jpg"),
        ("MAL00801_0009_034259.jpg", "https://cdn.myanimelist.net/images/anime/9/34259l.jpg"),
        (
            "MAL00020_WA00262_164.jpg",
            "http://www.world-art.ru/animation/animation_poster.php?id=262&number_img=164",
        ),
    ],
)
def test_the_examples_of_the_datasets_description(text: str, url: str) -> None:
    name = PosterName.parse(text)
    assert (str(name), name.url) == (text, url)


def test_a_name_has_its_parts() -> None:
    name = PosterName.parse("MAL00020_WA00262_164.jpg")
    assert (name.mal_id, name.source, name.first, name.second, name.subfolder) == (20, "wa", 262, 164, "0")
    name = PosterName.parse("MAL54399_1018_120197.jpg")
    assert (name.mal_id, name.source, name.first, name.second, name.subfolder) == (54399, "mal", 1018, 120197, "9")


@given(IDS, st.integers(1, 99_999), st.integers(1, 999))
def test_the_address_of_the_picture_is_the_likeliest_one(mal_id: int, wa_id: int, number: int) -> None:
    assert PosterName.wa(mal_id, wa_id, number).image_url == image_urls(wa_id, number)[0]
    name = PosterName.mal(mal_id, wa_id, number)
    assert name.image_url == name.url


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("MAL123456_1018_120197.jpg", "MAL123456_1018_120197.jpg"),
        ("MAL000005_1018_120197.jpg", "MAL00005_1018_120197.jpg"),
        ("MAL000000020_WA000262_0164.jpg", "MAL00020_WA00262_164.jpg"),
        ("MAL00001_00009_1234567.jpg", "MAL00001_0009_1234567.jpg"),
    ],
)
def test_more_digits_are_read_and_written_in_canonical_form(given: str, canonical: str) -> None:
    assert str(PosterName.parse(given)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0/MAL00005_1018_120197.jpg",
        "../MAL00005_1018_120197.jpg",
        "0\\MAL00005_1018_120197.jpg",
        "MAL00005_1018_120197.png",
        "MAL00005_1018_120197.JPG",
        "MAL00005_1018_120197.jpg\n",
        " MAL00005_1018_120197.jpg",
        "MAL00005_1018_120197.jpg.part",
        "mal00005_1018_120197.jpg",
        "MAL0005_1018_120197.jpg",
        "MAL00005_108_120197.jpg",
        "MAL00005_1018_20197.jpg",
        "MAL00020_WA0262_164.jpg",
        "MAL00020_WA00262_64.jpg",
        "MAL00000_1018_120197.jpg",
        "MAL-0005_1018_120197.jpg",
        "MAL٠٠٠٠٥_1018_120197.jpg",
        "MAL0000５_1018_120197.jpg",
        "MAL1234567890_1018_120197.jpg",
    ],
)
def test_other_names_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a poster's name: expected MAL00005_1018_120197\.jpg"):
        PosterName.parse(text)
