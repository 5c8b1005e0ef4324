"""Why a run failed, in one line: the failed check that stopped it, or the innermost cause of its first failure."""

import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg

from lap_assets.core import errors

_EVENTS: Final = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}
_OURS: Final = f"{errors.__name__}."  # the prefix of our errors' names in Python's output
_ABOUT_A_FILE: Final = re.compile(r"\w+: \[Errno -?\d+\] (?P<why>[^:]+): '(?P<path>.*?)'(?: -> '(?P<target>.*)')?")


@dataclass(frozen=True, slots=True)
class FailureReason:
    """Why a run failed, in one line.

    `traceback`: of an unexpected error, which is probably a bug in LAP. `is_stop`: the run was asked to stop.
    """

    text: str
    traceback: str | None = None
    is_stop: bool = False

    def __str__(self) -> str:
        return self.text


def failure_reason(events: Sequence[dg.DagsterEvent]) -> FailureReason:
    """Return the failed check that stopped the run, or the innermost cause of its first failure."""
    for event in events:
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if check.blocking and not check.passed:
                return FailureReason(f"check {check.check_name}: {check.description}")
    failures = (event.step_failure_data for event in events if event.is_step_failure)
    for failure in failures:
        if failure.user_failure_data is not None and failure.user_failure_data.description:
            return FailureReason(str(failure.user_failure_data.description))
        return _reason_of_error(failure.error)
    return FailureReason("the run failed before its first step")


def failure_reason_of_run(instance: dg.DagsterInstance, run_id: str) -> FailureReason:
    """Return the failure reason of a run in the instance's event log."""
    logged = instance.all_logs(run_id, of_type=_EVENTS)
    return failure_reason([entry.dagster_event for entry in logged if entry.dagster_event is not None])


def _reason_of_error(error: Any | None) -> FailureReason:
    innermost = error
    while innermost is not None and innermost.cause is not None:
        innermost = innermost.cause
    if innermost is None:
        return FailureReason("failed")
    line = " ".join(innermost.message.split())
    if line.startswith(_OURS):
        text = line.removeprefix(_OURS).partition(": ")[2] or line
        return FailureReason(text, is_stop=innermost.cls_name == errors.Stopped.__name__)
    if _is_expected(innermost.cls_name):
        return FailureReason(_about_a_file(line))
    return FailureReason(f"unexpected error: {line}", error.to_string() if error is not None else None)


def _about_a_file(line: str) -> str:
    """Turn Python's message about a file into `path: problem`; other lines stay unchanged."""
    match = _ABOUT_A_FILE.fullmatch(line)
    return line if match is None else f"{match['target'] or match['path']}: {match['why']}"


def _is_expected(name: str | None) -> bool:
    """Return whether an error with this name has an outside cause: a file, the network, an interrupt."""
    kind = getattr(builtins, name or "", None)
    is_outside = isinstance(kind, type) and issubclass(kind, OSError | KeyboardInterrupt)
    return is_outside or name == "DagsterExecutionInterruptedError"
