import io
import json
from itertools import combinations
from typing import Any

import httpx
import pytest
from PIL import Image, ImageOps

from lap_assets.core.names import PosterName
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.truth import true_pairs, truth_pieces


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    content: dict[str, Any] = json.loads("".join(truth_pieces(RecipePlan(procedural_catalog(400, 12)))))
    return content


def test_it_covers_every_wanted_poster_by_its_file_name(truth: dict[str, Any]) -> None:
    catalog = procedural_catalog(400, 12)
    names = [str(name) for name, _ in catalog.wanted()]
    assert list(truth["posters"]) == names
    assert all(str(PosterName.parse(name)) == name for name in names)
    rx = {anime.mal_id for anime in catalog.rx_listing}
    assert not rx & {PosterName.parse(name).mal_id for name in names}


def test_clusters_and_pairs_agree(truth: dict[str, Any]) -> None:
    expected = {pair for names in truth["clusters"] for pair in combinations(names, 2)}
    pairs = {(pair["a"], pair["b"]): pair for pair in truth["pairs"]}

    assert set(pairs) == expected
    assert all(pair["kinds"] for pair in pairs.values())
    assert {pair["scope"] for pair in pairs.values()} == {"same", "other"}
    for (one, other), pair in pairs.items():
        same = PosterName.parse(one).mal_id == PosterName.parse(other).mal_id
        assert pair["scope"] == ("same" if same else "other")
    for place, names in enumerate(truth["clusters"]):
        assert all(truth["posters"][name]["cluster"] == place for name in names)
    lone = [name for name, poster in truth["posters"].items() if poster["cluster"] is None]
    assert len(lone) + sum(map(len, truth["clusters"])) == len(truth["posters"])


def test_the_truth_describes_the_images_that_the_server_sends(client: httpx.Client) -> None:
    served = client.get("/truth.json").json()
    assert served["seed"] == 5
    for name in ("MAL00007_0003_000070.jpg", "MAL00007_WA02001_004.jpg", "MAL00012_WA02000_001.jpg"):
        parsed = PosterName.parse(name)
        bucket = "2000" if parsed.first == 2000 else "3000"
        path = {
            "mal": f"/mal-cdn/images/anime/{parsed.first}/{parsed.second}l.jpg",
            "wa": f"/wa/animation/img/{bucket}/{parsed.first}/{parsed.second}.jpg",
        }[parsed.source]
        image = ImageOps.exif_transpose(Image.open(io.BytesIO(client.get(path).content)))
        poster = served["posters"][name]
        assert image.size == (poster["width"], poster["height"])
        for x0, y0, x1, y1 in (*poster["faces"], *poster["heads"]):
            assert 0 <= x0 < x1 <= image.width
            assert 0 <= y0 < y1 <= image.height


def test_the_pairs_alone_are_those_of_the_whole_truth(truth: dict[str, Any]) -> None:
    expected = [(pair["a"], pair["b"], tuple(pair["kinds"])) for pair in truth["pairs"]]
    assert true_pairs(procedural_catalog(400, 12)) == expected
