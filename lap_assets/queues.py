"""The queues: which workers take what. Assets carry theirs as an op tag; one machine's executor does not look at it.

Also which assets of a partition a pass makes in one run where several are due: starting a run costs more than they do.
"""

from typing import Final

from lap_assets.core.sites import sites

CPU: Final = "cpu"
GPU: Final = "gpu"
RUNS: Final = "runs"  # runs themselves: each holds a worker of this queue while its steps are done by the others

_TAG: Final = "dagster-celery/queue"

TOGETHER: Final = "lap/run"
ON_REQUEST: Final = "lap/on-request"
"""The tag of assets that nothing makes unasked: a person names them, or a sensor for them is turned on."""
SLICES: Final = "slices"
BOXES: Final = "boxes"
RELEASE: Final = "release"


def site_queues() -> tuple[str, ...]:
    """The queues of scrapes: one a site, by its key."""
    return tuple(entry.key for entry in sites())


def step_queues() -> tuple[str, ...]:
    """The queues of steps."""
    return (*site_queues(), CPU, GPU)


def on(queue: str) -> dict[str, str]:
    """The op tags of what belongs on the queue."""
    return {_TAG: queue}


def for_model(device: str | None) -> str:
    """The queue of what runs a model on this device (`LAP_DEVICE`)."""
    return GPU if device is not None and device.startswith("cuda") else CPU


def in_one_run(run: str) -> dict[str, str]:
    """The tags of assets that a pass makes in one run, where several are due for the same partition."""
    return {TOGETHER: run}
