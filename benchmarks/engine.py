"""Overhead of a step: an empty asset in bare Dagster, and the smallest asset in LAP's graph."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import dagster as dg

from lap_assets.core.home import Home
from lap_assets.engine.instance import open_instance
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

_QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_PARTITIONS: Final = dg.StaticPartitionsDefinition([str(number) for number in range(10)])


def bare_step(runs: int) -> float:
    """Return the seconds per run of one empty asset, in process, on an instance with SQLite."""

    @dg.asset(partitions_def=_PARTITIONS)
    def empty() -> dg.MaterializeResult:  # type: ignore[type-arg]
        return dg.MaterializeResult(data_version=dg.DataVersion("1"))

    return _seconds(dg.Definitions(assets=[empty]), "empty", runs)


def lap_step(runs: int, build: Callable[[RunContext], dg.Definitions]) -> float:
    """Return the seconds per run of LAP's smallest asset (without any verdicts), including its table."""
    with tempfile.TemporaryDirectory(prefix="lap-bench-") as folder:
        definitions = build(RunContext(Settings(home=Path(folder))))
        return _seconds(definitions, "review_verdicts", runs, Home(Path(folder)))


def _seconds(definitions: dg.Definitions, asset: str, runs: int, home: Home | None = None) -> float:
    with tempfile.TemporaryDirectory(prefix="lap-bench-") as folder:
        job = definitions.resolve_implicit_global_asset_job_def()
        with open_instance(home or Home(Path(folder))) as instance:

            def run(number: int) -> None:
                job.execute_in_process(
                    run_config=_QUIET,
                    instance=instance,
                    partition_key=str(number % 10),
                    asset_selection=[dg.AssetKey(asset)],
                )

            run(0)  # the first run creates the databases
            return _mean(run, runs)


def _mean(run: Callable[[int], None], runs: int) -> float:
    began = time.perf_counter()
    for number in range(runs):
        run(number)
    return (time.perf_counter() - began) / runs
