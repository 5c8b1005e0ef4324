"""`lap refresh`: what it would do, and what it did, for people and for scripts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lap_assets.engine.plan import Forecast
    from lap_assets.engine.scheduler import PassOutcome


def forecast_rows(told: "Forecast") -> dict[str, Any]:
    """A forecast for scripts: steps that would run and why, and steps that may follow."""
    from lap_assets.engine.plan import as_rows

    rows = as_rows(told.certain)
    for row, reasons in zip(rows, told.certain.values(), strict=True):
        row["causes"] = list(reasons)
    return {"would_run": rows, "may_follow": as_rows(told.possible)}


def forecast_lines(told: "Forecast") -> list[str]:
    """The same for people."""
    if not told.certain:
        return ["nothing to do"]
    lines = [f"would run {step}: {'; '.join(reasons)}" for step, reasons in told.certain.items()]
    lines += [f"may follow, if what it is made from comes out different: {step}" for step in told.possible]
    return [*lines, f"{len(told.certain)} steps would run, {len(told.possible)} may follow"]


def outcome_rows(outcome: "PassOutcome") -> dict[str, Any]:
    """What was done, for scripts."""
    from lap_assets.engine.plan import as_rows

    failed = as_rows(outcome.failed)
    for row, error in zip(failed, outcome.failed.values(), strict=True):
        row["error"] = error
    return {
        "ran": as_rows(outcome.ran),
        "failed": failed,
        "held_back": as_rows(outcome.held_back),
        "stopped": outcome.stopped,
    }
