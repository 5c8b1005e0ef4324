"""`lap refresh`: its forecast and its outcome, for people and for scripts."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lap_assets.engine.plan import Forecast
    from lap_assets.engine.scheduler import PassOutcome


def forecast_rows(forecast: "Forecast") -> dict[str, Any]:
    """Return a forecast for scripts: steps that would run and why, and steps that may follow."""
    from lap_assets.engine.plan import as_rows

    rows = as_rows(forecast.certain)
    for row, reasons in zip(rows, forecast.certain.values(), strict=True):
        row["causes"] = list(reasons)
    return {"would_run": rows, "may_follow": as_rows(forecast.possible)}


def forecast_lines(forecast: "Forecast") -> list[str]:
    """Return a forecast for people."""
    if not forecast.certain:
        return ["nothing to do"]
    lines = [f"would run {step}: {'; '.join(reasons)}" for step, reasons in forecast.certain.items()]
    lines += [f"may follow, if its inputs change: {step}" for step in forecast.possible]
    return [*lines, f"{len(forecast.certain)} steps would run, {len(forecast.possible)} may follow"]


def outcome_rows(outcome: "PassOutcome") -> dict[str, Any]:
    """Return the outcome for scripts: steps that ran, failed or were held back."""
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
