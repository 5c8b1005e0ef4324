"""Queues of a cluster, set as op tags of assets; the executor of a single machine ignores them.

Also the groups of assets that a pass makes in one run if several are due: starting a run takes longer than making them.
"""

from typing import Final

from lap_assets.core.sites import sites

CPU: Final = "cpu"
GPU: Final = "gpu"
RUNS: Final = "runs"  # a run occupies a worker of this queue while workers of other queues execute its steps

_TAG: Final = "dagster-celery/queue"

TOGETHER: Final = "lap/run"
ON_REQUEST: Final = "lap/on-request"
"""The tag of assets that are made only when a person names them or turns on their sensor."""
SLICES: Final = "slices"
BOXES: Final = "boxes"
RELEASE: Final = "release"


def site_queues() -> tuple[str, ...]:
    """Return the queues of scrapes: one per site, named by its key."""
    return tuple(entry.key for entry in sites())


def step_queues() -> tuple[str, ...]:
    """Return the queues of steps."""
    return (*site_queues(), CPU, GPU)


def on(queue: str) -> dict[str, str]:
    """Return the op tags that put a step on the queue."""
    return {_TAG: queue}


def for_model(device: str | None) -> str:
    """Return the queue of steps that run a model on this device (`LAP_DEVICE`)."""
    return GPU if device is not None and device.startswith("cuda") else CPU


def in_one_run(run: str) -> dict[str, str]:
    """Return the tags of assets that a pass makes in one run if several are due for the same partition."""
    return {TOGETHER: run}
