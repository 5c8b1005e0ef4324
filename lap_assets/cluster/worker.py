"""A worker process: runs one task at a time and keeps models loaded, until it is told to end.

The task runs in its own thread, so that the worker answers pings meanwhile; a missing answer means that it is dead.
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
    """Run tasks until SIGTERM or Ctrl-C (after the present task; at once on the second); return the exit status.

    A model's task stops safely and is retried elsewhere. A scrape continues, since a stopped one would count as done
    with what it has; if it is killed, it is retried and resumes after the last page.

    `warm_up` loads the definitions, so that invalid settings are reported now and the first task starts at once.
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
