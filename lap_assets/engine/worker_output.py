"""What a step prints, in a worker of the command line: it stays in the worker's log.

Dagster would copy it into files of the run, with four processes for each run. What a step logs is part of its events.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster._core.storage.compute_log_manager import CapturedLogContext
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._serdes import ConfigurableClassData

if TYPE_CHECKING:
    from dagster._core.instance.ref import InstanceRef


class WorkerOutput(LocalComputeLogManager):
    """Captures nothing; the UI shows the output of such a run as complete and empty."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "WorkerOutput":
        """Create it from Dagster's configuration."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def capture_logs(self, log_key: Sequence[str]) -> Iterator[CapturedLogContext]:
        """Leave the output where it goes."""
        yield CapturedLogContext(log_key=log_key)
        complete = Path(self.complete_artifact_path(log_key))  # type: ignore[no-untyped-call]
        complete.parent.mkdir(parents=True, exist_ok=True)
        complete.touch()


def with_worker_output(ref: "InstanceRef") -> "InstanceRef":
    """Return the instance without capturing output; one whose output a person sends elsewhere stays unchanged."""
    data = ref.compute_logs_data
    if data.class_name != LocalComputeLogManager.__name__:
        return ref
    return ref._replace(compute_logs_data=ConfigurableClassData(__name__, WorkerOutput.__name__, data.config_yaml))
