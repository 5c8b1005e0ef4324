"""Why a run failed, in one line."""

from collections.abc import Sequence
from typing import Final

import dagster as dg

_TELLING: Final = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}


def reason_of(events: Sequence[dg.DagsterEvent]) -> str:
    """The failed check that stopped the run, or the innermost cause of its first failure."""
    for event in events:
        if (
            event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
            and not event.asset_check_evaluation_data.passed
        ):
            said = event.asset_check_evaluation_data
            if said.blocking:
                return f"check {said.check_name}: {said.description}"
    for event in events:
        if event.is_step_failure:
            failure = event.step_failure_data
            if failure.user_failure_data is not None and failure.user_failure_data.description:
                return str(failure.user_failure_data.description)
            error = failure.error
            while error is not None and error.cause is not None:
                error = error.cause
            return " ".join(str(error.message if error else "failed").split())
    return "the run failed before its first step"


def reason_of_failure(instance: dg.DagsterInstance, run_id: str) -> str:
    """The same of a run that the instance knows."""
    logged = instance.all_logs(run_id, of_type=_TELLING)
    return reason_of([entry.dagster_event for entry in logged if entry.dagster_event is not None])
