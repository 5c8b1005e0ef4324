"""What a step prints, where the command line runs it: in the process's own output, and the UI waits for nothing."""

from pathlib import Path

import dagster as dg
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import instance_of, open_instance, settings_path
from lap_assets.engine.worker_output import WorkerOutput


@dg.asset
def talkative() -> None:
    print("said by the step")


def test_a_step_prints_into_the_output_of_its_process(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path)
    with open_instance(home) as instance:
        result = dg.materialize([talkative], instance=instance)
        (captured,) = (event for event in result.all_events if event.event_type_value == "LOGS_CAPTURED")
        file_key = getattr(captured.event_specific_data, "file_key", "")
        log_key = instance.compute_log_manager.build_log_key_for_run(result.run_id, file_key)
    assert "said by the step" in capfd.readouterr().out
    with dg.DagsterInstance.from_config(str(home.dagster)) as of_the_ui:
        assert of_the_ui.compute_log_manager.is_capture_complete(log_key)
        assert not of_the_ui.compute_log_manager.get_log_data(log_key).stdout


def test_output_that_a_person_sends_elsewhere_stays_there(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with open_instance(home) as instance:
        assert isinstance(instance.compute_log_manager, WorkerOutput)
    with settings_path(home).open("a") as opened:
        opened.write(
            "compute_logs:\n  module: dagster._core.storage.noop_compute_log_manager\n  class: NoOpComputeLogManager\n"
        )
    with instance_of(home) as instance:
        assert type(instance.compute_log_manager).__name__ == "NoOpComputeLogManager"
