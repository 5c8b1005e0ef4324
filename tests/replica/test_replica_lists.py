from pathlib import Path

import pytest

from lap_assets.replica.lists import catalog_from_lists

GOOD = {
    "mal_links.txt": "https://myanimelist.net/anime/1/Kite\nhttps://myanimelist.net/anime/5/Kite\u00a0Two__Zero\n",
    "mal_pics.txt": "1: 7/3791 1519/91488\n5: \n",
    "wa_anime_main.csv": '"wa_id","mal_id","title","work_type","genre","release","score","top_place"\n'
    '1,5,"Маяк, ""тихий"" [Kite]","ТВ","драма","16.07.1988",8.0,715\n3,"","Сад []","","","","",""\n',
    "wa_anime_posters.txt": "1: 1 82\n3: \n",
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in {**GOOD, **{name.replace("__", "."): text for name, text in changed.items()}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_four_lists_become_a_catalog(tmp_path: Path) -> None:
    catalog = catalog_from_lists(written(tmp_path), seed=4)

    assert [(anime.mal_id, anime.slug, anime.pictures) for anime in catalog.anime] == [
        (1, "Kite", ((7, 3791), (1519, 91488))),
        (5, "Kite\u00a0Two__Zero", ()),
    ]
    first, second = catalog.animations
    assert (first.wa_id, first.mal_id, first.title, first.score, first.top_place, first.posters) == (
        1, 5, 'Маяк, "тихий" [Kite]', 8.0, 715, (1, 82),
    )  # fmt: skip
    assert (second.wa_id, second.mal_id, second.score, second.top_place, second.posters) == (3, None, None, None, ())


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("mal_links.txt", "https://myanimelist.net/anime/1/Kite\nhttps://myanimelist.net/manga/5/Kite\n", 2),
        ("mal_links.txt", "https://myanimelist.net/anime/1/Kite\nhttps://myanimelist.net/anime/1/Kite\n", 2),
        ("mal_pics.txt", "1: 7/3791\n5: 7/\n", 2),
        ("mal_pics.txt", "1: 7/3791\n5: 7/3791\n", 2),
        ("mal_pics.txt", "1: 7/3791\n6: 7/1\n", 2),
        ("mal_pics.txt", "1; 7/3791\n", 1),
        ("wa_anime_posters.txt", "1: 1 1\n", 1),
        ("wa_anime_posters.txt", "1: 1\n0: 4\n", 2),
        ("wa_anime_main.csv", "wa_id,mal_id\n1,2\n", 1),
        ("wa_anime_main.csv", GOOD["wa_anime_main.csv"] + "x,1,t,w,g,r,,\n", 4),
        ("wa_anime_main.csv", GOOD["wa_anime_main.csv"] + "4,1,t\n", 4),
        ("wa_anime_main.csv", GOOD["wa_anime_main.csv"] + "3,1,t,w,g,r,,\n", 4),
    ],
)
def test_an_invalid_line_is_named(tmp_path: Path, file: str, text: str, line: int) -> None:
    written(tmp_path)
    (tmp_path / file).write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=rf"{file}, line {line}: .*expected") as caught:
        catalog_from_lists(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", GOOD)
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    (written(tmp_path) / file).unlink()
    with pytest.raises(ValueError, match=f"{file} is missing"):
        catalog_from_lists(tmp_path)


def test_a_wrong_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (written(tmp_path) / "wa_anime_main.csv").write_bytes(GOOD["wa_anime_main.csv"].encode("cp1251"))
    with pytest.raises(ValueError, match=r"wa_anime_main\.csv, line 2: not UTF-8"):
        catalog_from_lists(tmp_path)


def test_the_originals_lists(lists: Path) -> None:
    catalog = catalog_from_lists(lists, rx_share=0.06, seed=1)

    assert len(catalog.anime) == 23_966
    assert sum(len(anime.pictures) for anime in catalog.anime) == 49_949
    assert len(catalog.animations) == 10_035
    assert sum(len(animation.posters) for animation in catalog.animations) == 23_751
    assert sum(not anime.pictures for anime in catalog.anime) == 151
    assert len(catalog.animations_of) == 9_719
    assert len(catalog.rx_listing) == 1_438
    assert sum(1 for _ in catalog_from_lists(lists).wanted()) == 73_441
