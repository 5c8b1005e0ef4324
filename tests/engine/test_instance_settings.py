"""The home's dagster.yaml: killed runs free their pool soon, in new and older homes, and a person's changes stay."""

from pathlib import Path

import dagster as dg
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import open_instance, settings_path
from lap_assets.engine.instance_settings import keep_settings, settings_advice

_EARLIEST = """\
# Written by LAP when it is not there; yours to change.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 4
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 300
"""


def _monitoring(home: Home) -> dict[str, int]:
    with open_instance(home) as instance:
        return dict(instance.run_monitoring_settings)


_WANTED = {
    "enabled": True, "poll_interval_seconds": 10, "free_slots_after_run_end_seconds": 10, "cancel_timeout_seconds": 60,
}  # fmt: skip


def test_a_new_home_frees_a_killed_run_s_pool_soon(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert _monitoring(home) == _WANTED
    assert settings_advice(settings_path(home)) is None


def test_a_file_of_an_earlier_version_is_updated(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(_EARLIEST)
    keep_settings(old)
    keep_settings(new)
    assert old.read_text() == new.read_text()


def test_a_person_s_own_lines_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "dagster.yaml"
    own = _EARLIEST.replace("max_concurrent_runs: 4", "max_concurrent_runs: 11 # ours") + "  start_timeout_seconds: 7\n"
    path.write_text(own)
    keep_settings(path)
    kept = path.read_text()
    assert set(own.splitlines()) - set(kept.splitlines()) == {"  free_slots_after_run_end_seconds: 300"}
    assert settings_advice(path) is None
    keep_settings(path)
    assert path.read_text() == kept
    with dg.instance_for_test(overrides={}) as _:  # Dagster's own validation of the file
        assert dg.DagsterInstance.from_config(str(tmp_path)).run_monitoring_settings["poll_interval_seconds"] == 10


@pytest.mark.parametrize(
    "monitoring",
    [
        "run_monitoring: {enabled: true, free_slots_after_run_end_seconds: 200, poll_interval_seconds: 10}",
        "run_monitoring: {enabled: true, free_slots_after_run_end_seconds: 10}",
        "run_monitoring: {enabled: false, free_slots_after_run_end_seconds: 10, poll_interval_seconds: 10}",
        "telemetry: {enabled: false}",
    ],
)
def test_own_settings_that_keep_killed_runs_for_long_are_reported_and_not_changed(
    tmp_path: Path, monitoring: str
) -> None:
    path = tmp_path / "dagster.yaml"
    path.write_text(f"{monitoring}\n")
    keep_settings(path)
    assert path.read_text() == f"{monitoring}\n"
    assert (settings_advice(path) or "").startswith(f"{path}: run_monitoring leaves killed or canceled runs open")


def test_a_file_that_is_no_yaml_is_left_to_dagster(tmp_path: Path) -> None:
    path = tmp_path / "dagster.yaml"
    path.write_text("a: [\n")
    keep_settings(path)
    assert path.read_text() == "a: [\n"
