"""However the graph is started, its code location has the same name, so sensors that are on in one UI are on in all."""

import tomllib
from pathlib import Path

from dagster._core.workspace.load import location_origins_from_yaml_paths
from dagster._core.workspace.load_target import PyProjectFileTarget, get_target_from_toml_data

from lap_assets.ui.server import LOCATION

ROOT = Path(__file__).parents[2]


def test_the_workspace_the_project_and_lap_ui_give_the_same_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    of_dg = {"tool": {"dg": project["tool"]["dg"]}}  # what `dg dev` reads
    (workspace,) = location_origins_from_yaml_paths([str(ROOT / "workspace.yaml")])
    (dagster_dev,) = PyProjectFileTarget(str(ROOT / "pyproject.toml")).create_origins()
    target = get_target_from_toml_data(of_dg)
    assert target is not None
    assert not isinstance(target, list)
    (dg_dev,) = target.create_origins()
    assert {workspace.location_name, dagster_dev.location_name, dg_dev.location_name, LOCATION} == {"lap"}
    assert project["tool"]["dg"]["project"]["code_location_name"] == "lap"
