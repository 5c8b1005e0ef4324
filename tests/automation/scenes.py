"""A copy of a finished demo's home: its definitions, its instance, and the runs that automation requests."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import dagster as dg

from lap_assets.core.home import Home
from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import AssetPartition
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.support import MODELS

_NAMES = {name.removeprefix("LAP_").lower(): value for name, value in MODELS.items()}


@dataclass
class AutomatedHome:
    """A home, its graph and its instance."""

    settings: Settings
    instance: dg.DagsterInstance

    @classmethod
    def of(cls, home: Path, instance: dg.DagsterInstance, **changed: object) -> Self:
        return cls(Settings(home=home, **{**_NAMES, **changed}), instance)  # type: ignore[arg-type]

    @property
    def home(self) -> Home:
        return Home(self.settings.home)

    @property
    def definitions(self) -> dg.Definitions:
        return build_definitions(RunContext(self.settings))

    def asked_for(self) -> set[AssetPartition]:
        """Return what the sensor `keep_fresh` requests now; each call starts without a cursor."""
        result = dg.evaluate_automation_conditions(self.definitions, self.instance)
        found: set[AssetPartition] = set()
        for one in result.results:
            asset = one.key.to_user_string()
            keys = {part.partition_key for part in one.true_subset.expensively_compute_asset_partitions()}
            found |= {(asset, key) for key in keys}
        return found

    def run(self, slots: Collection[AssetPartition]) -> dict[AssetPartition, bool]:
        """Make these, one run per partition, as the sensor's requests do; return the results."""
        job = self.definitions.resolve_implicit_global_asset_job_def()
        went = {}
        for key in sorted({key for _, key in slots}, key=str):
            own = [slot for slot in slots if slot[1] == key]
            ran = job.execute_in_process(
                instance=self.instance, partition_key=key, raise_on_error=False,
                asset_selection=[dg.AssetKey(asset) for asset, _ in own],
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )  # fmt: skip
            went.update(dict.fromkeys(own, ran.success))
        return went

    def until_fresh(self, most: int = 12) -> list[AssetPartition]:
        """Run the sensor and its requests until it requests nothing; return everything that was made."""
        made: list[AssetPartition] = []
        for _ in range(most):
            asked = self.asked_for()
            if not asked:
                return made
            self.run(asked)
            made += sorted(asked, key=str)
        raise AssertionError(f"still not fresh after {most} looks: {asked}")
