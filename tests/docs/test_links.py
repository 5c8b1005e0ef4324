"""Links between pages lead somewhere, and every file that a page names exists."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, blocks, inline_code, links, prose

_PATH = re.compile(r"(?:lap_assets|lap_gui|tests|docs|deploy|benchmarks)/[\w./-]+|\w+\.(?:md|toml|cff|txt)")
_MODULE = re.compile(r"lap_(?:assets|gui)(?:\.\w+)+")
MADE = {"labels_faces.txt", "labels_faces_baseline.txt", "labels_heads.txt", "labels_heads_baseline_10000.txt",
        "delcands.names.txt", "delcands.txt", "classes.txt", "bboxes.txt", "train.txt", "val.txt", "test.txt",
        "labels_faces.reviewed.tsv", "labels_faces_suggested.txt", "keys.toml"}  # fmt: skip
"""Text files that LAP writes or reads, not of the repository."""


def identifier(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=identifier)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


@pytest.mark.parametrize("page", PAGES, ids=identifier)
def test_files_and_modules_that_are_named_exist(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        pytest.skip("it speaks of the past")
    for code in inline_code(page):
        if _PATH.fullmatch(code) and code not in MADE and "<" not in code:
            places = (ROOT / code, ROOT / "docs" / code, page.parent / code)
            assert any(place.exists() for place in places), code
        if _MODULE.fullmatch(code):
            place = ROOT / code.replace(".", "/")
            parts = code.split(".")
            above = ROOT / "/".join(parts[:-1])
            assert place.is_dir() or place.with_suffix(".py").exists() or is_named_in(above, parts[-1]), code


def is_named_in(module: Path, name: str) -> bool:
    files = [module.with_suffix(".py"), module / "__init__.py"]
    return any(re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")) for file in files if file.exists())


def test_every_page_can_be_reached_from_the_readme() -> None:
    linked = {(ROOT / target.split("#")[0]).resolve() for target in links(ROOT / "README.md")}
    assert not set(PAGES) - linked - {ROOT / "README.md"}


def test_the_readme_and_the_architecture_fit_a_screen() -> None:
    for page, most in ((ROOT / "README.md", 110), (ROOT / "docs" / "architecture.md", 70)):
        assert len(page.read_text(encoding="utf-8").splitlines()) <= most, page.name


def test_fences_are_closed_and_have_a_language() -> None:
    for page in PAGES:
        assert page.read_text(encoding="utf-8").count("```") == 2 * len(blocks(page)), page.name
        assert all(block.language for block in blocks(page)), page.name
        assert "TODO" not in prose(page)
