"""What other programs import keeps its names and its parameters: docs/architecture.md, "The contracts"."""

import inspect
from importlib import import_module

import pytest

from tests.docs.pages import ROOT

CONTRACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "lap_assets.posters.names": {"PosterName": ()},
    "lap_assets.labels.lap_format": {"read": ("path",), "write": ("path", "labels")},
    "lap_assets.sites.mal": {"parse_listing": ("body", "url"), "parse_pictures": ("body", "url")},
    "lap_assets.sites.wa": {"parse_animation": ("body", "url"), "parse_posters": ("body", "url")},
    "lap_assets.duplicates.hashing": {"hash_image": ("path",)},
    "lap_assets.duplicates.search": {
        "hamming_pairs": ("codes", "others", "*max_distance"),
        "cosine_pairs": ("vectors", "others", "*max_distance"),
    },
    "lap_assets.models": {
        "load_embedder": ("name", "*weights", "*device"),
        "load_detector": ("name", "*of", "*weights", "*device"),
        "load_upscaler": ("name", "*weights", "*device"),
        "ModelSpec": (),
        "Embedder": (),
        "Detector": (),
        "Upscaler": (),
        "WeightFile": (),
    },
    "lap_assets.cli": {"main": ()},
    "lap_gui": {"LabelerGUI": (), "remove_duplicates": (), "browse_groups": ()},
}
"""By module: each name, and of functions the parameters that callers use (`*`: by name)."""
TORCH: dict[str, dict[str, tuple[str, ...]]] = {"lap_assets.labels.dataset": {"LapDataset": ("root", "kind", "split")}}


@pytest.mark.parametrize("module", sorted(CONTRACTS))
def test_names_are_exported(module: str) -> None:
    there = import_module(module)
    assert set(CONTRACTS[module]) <= set(there.__all__)
    assert all(hasattr(there, name) for name in there.__all__)
    assert sorted(set(there.__all__)) == sorted(there.__all__)


@pytest.mark.parametrize("module", sorted(CONTRACTS))
def test_parameters_stay(module: str) -> None:
    check(module, CONTRACTS[module])


@pytest.mark.slow
@pytest.mark.parametrize("module", sorted(TORCH))
def test_parameters_of_what_needs_torch_stay(module: str) -> None:
    assert set(TORCH[module]) <= set(import_module(module).__all__)
    check(module, TORCH[module])


def check(module: str, names: dict[str, tuple[str, ...]]) -> None:
    for name, wanted in names.items():
        if not wanted:
            continue
        parameters = inspect.signature(getattr(import_module(module), name)).parameters
        positional = [one.name for one in parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD]
        by_name = {one.name for one in parameters.values() if one.kind is one.KEYWORD_ONLY}
        asked = [one for one in wanted if not one.startswith("*")]
        assert positional[: len(asked)] == asked, name
        assert {one[1:] for one in wanted if one.startswith("*")} <= by_name, name


def test_a_poster_name_has_its_parts() -> None:
    from lap_assets.posters.names import PosterName

    name = PosterName.parse("MAL00020_WA00262_164.jpg")
    assert (name.mal_id, name.source, name.subfolder, str(name)) == (20, "wa", "0", "MAL00020_WA00262_164.jpg")
    assert "id=262&number_img=164" in name.url


def test_the_page_on_architecture_names_all_of_them() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for module, names in {**CONTRACTS, **TORCH}.items():
        for word in (module, *(name for name, wanted in names.items() if wanted)):
            assert f"`{word}`" in text or module == "lap_assets.cli", word
