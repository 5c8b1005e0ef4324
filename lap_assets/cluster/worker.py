"""A worker process: one task at a time, in a process that stays warm, until it is told to end.

The task runs in a thread of its own, so that the worker answers while it works: that is how its death is noticed.
"""

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from typing import Any, Final

from celery.signals import worker_ready, worker_shutting_down

from lap_assets.cluster.broker import broker_app
from lap_assets.cluster.tasks import add_tasks, is_leaving
from lap_assets.queues import site_queues
from lap_assets.run_context import STOP
from lap_assets.settings import Settings

_LOG: Final = "WARNING"


def work(settings: Settings, queues: Sequence[str], warm_up: Callable[[], object]) -> int:
    """Works until SIGTERM or Ctrl-C (the task ends first), or a second one (at once); gives the exit status.

    A model's task stops safely and is tried again elsewhere. A scrape continues: stopped, it would count as done with
    what it has. If it is killed, it is tried again and resumes after the last page.

    `warm_up` loads the definitions, so that a setting that makes no sense is reported now, and the first task starts at
    once.
    """
    app = broker_app(settings)
    add_tasks(app)
    name = f"lap-{'-'.join(queues)}-{secrets.token_hex(4)}@{socket.gethostname()}"
    warm_up()

    def leave(**_: Any) -> None:
        is_leaving.set()
        if not set(site_queues()) & set(queues):
            STOP.set()

    def ready(**_: Any) -> None:
        print(f"ready: {name} (process {os.getpid()})", flush=True)

    worker_shutting_down.connect(leave)
    worker_ready.connect(ready)
    worker = app.Worker(
        pool="threads",
        concurrency=1,
        queues=list(queues),
        hostname=name,
        loglevel=_LOG,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
