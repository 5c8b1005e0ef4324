"""What pyproject.toml, CITATION.cff and CHANGELOG.md say of the package agrees with the package."""

import re
import tomllib
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

import lap_assets
import lap_gui

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
HEAVY = {"dagster", "torch", "torchvision", "timm", "spandrel", "faiss-cpu", "faiss-gpu", "numba", "polars", "httpx"}
VERSION = re.compile(r"\d+\.\d+\.\d+")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!;, ]", line, maxsplit=1)[0] for line in requirements}


def test_one_place_holds_the_version() -> None:
    assert VERSION.fullmatch(lap_assets.__version__)
    assert "version" not in PROJECT
    assert PROJECT["dynamic"] == ["version"]
    assert PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "lap_assets.__version__"}


def test_the_base_is_light_and_the_extras_bring_the_rest() -> None:
    extras = PROJECT["optional-dependencies"]
    assert not names(PROJECT["dependencies"]) & HEAVY
    assert names(extras["pipeline"]) | {"faiss-cpu", "faiss-gpu"} >= HEAVY
    for extra in ("cpu", "gpu", "cluster"):
        assert "lap-assets[pipeline]" in extras[extra], extra


def test_dagster_and_its_libraries_are_bound_to_what_was_tested() -> None:
    lines = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    for line in (line for line in lines if line.startswith("dagster")):
        name, version = line.split("~=")
        assert f"\n{name}=={version}\n" in pinned, line


def test_every_requirement_is_pinned() -> None:
    lines = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert names(lines) - {"lap-assets", "faiss-gpu"} <= pinned


def test_the_python_versions_agree() -> None:
    shown = {line.rsplit(" ", 1)[1] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)}
    assert shown == {"3.11", "3.12", "3.13"}
    assert PROJECT["requires-python"] == ">=3.11,<3.14"


@pytest.mark.parametrize("script", sorted(PROJECT["scripts"]))
def test_scripts_lead_to_functions(script: str) -> None:
    module, function = PROJECT["scripts"][script].split(":")
    assert callable(getattr(import_module(module), function))


def test_the_packages_say_that_they_are_typed() -> None:
    for package in (lap_assets, lap_gui):
        assert Path(str(package.__file__)).with_name("py.typed").exists()
        assert "py.typed" in PYPROJECT["tool"]["setuptools"]["package-data"][package.__name__]


def test_the_citation_is_complete() -> None:
    cited: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "type", "license"} <= cited.keys()
    assert all(author.keys() & {"name", "family-names", "alias"} for author in cited["authors"])
    assert cited["version"] == lap_assets.__version__
    assert cited["license"] == PROJECT["license"]
    assert isinstance(cited["date-released"], date)


def test_every_version_in_the_changelog_has_a_date() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    read = [re.fullmatch(r"(\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)", heading) for heading in headings]
    assert all(read), headings
    found = [(one[1], date.fromisoformat(one[2])) for one in read if one]
    assert found[0][0] == lap_assets.__version__
    assert [day for _, day in found] == sorted((day for _, day in found), reverse=True)
