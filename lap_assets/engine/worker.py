"""A worker process: reads steps from standard input, runs each as one Dagster run, reports progress and results.

One JSON object per line in both directions. In: a step, or a request to stop. Out: progress, and the end of each step.
Steps that run in parallel need separate processes: Dagster's runs in two threads of one process deadlock in its
logging. Start it with `python -m lap_assets.engine.worker MODULE:FUNCTION`: the function builds the definitions from a
run context, so that this module need not import them.
"""

import importlib
import itertools
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Final

from lap_assets.core.databases import state_error
from lap_assets.core.errors import is_debugging
from lap_assets.core.garbage import collect_seldom
from lap_assets.core.home import home_from_environment
from lap_assets.core.progress import Advance

if TYPE_CHECKING:
    import dagster as dg

    from lap_assets.run_context import RunContext

_SEND_EVERY: Final = 0.1
_NEEDED_BY_STEPS: Final = (
    "lap_assets.engine.lasting_storage",
    "lap_assets.engine.worker_output",
    "lap_assets.table_store",
)
"""Modules that every step needs and a definition does not: imported while the parent process plans."""
_QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class _Messages:
    """Messages to the process that started the worker."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._lock = threading.Lock()

    def send(self, **message: Any) -> None:
        with self._lock:
            self._out.write(json.dumps(message) + "\n")
            self._out.flush()


class _RemoteProgress:
    """Progress shown by the process that started the worker."""

    def __init__(self, messages: _Messages) -> None:
        self._messages = messages
        self._ids = itertools.count()

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:
        """Report the start, the progress (at most every 0.1 s), and the end."""
        task = next(self._ids)
        waiting = 0
        sent_at = 0.0
        lock = threading.Lock()  # the domain code advances from several threads

        def advance(steps: int) -> None:
            nonlocal waiting, sent_at
            with lock:
                waiting += steps
                if time.monotonic() - sent_at >= _SEND_EVERY:
                    sent_at = time.monotonic()
                    self._messages.send(task=task, advance=waiting)
                    waiting = 0

        self._messages.send(task=task, title=title, total=total)
        try:
            yield advance
        finally:
            self._messages.send(task=task, advance=waiting, end=True)


def main(definitions: str) -> None:
    """Run steps until told to end. If the parent process dies, end at once: files are written atomically.

    `definitions`: `module:function` that builds the graph's definitions from a run context.
    """
    import dagster as dg

    from lap_assets.engine.failure_reasons import failure_reason
    from lap_assets.engine.instance import RUN_TAG, open_instance
    from lap_assets.startup import load_run_context

    messages = _Messages(os.fdopen(os.dup(1), "w"))
    os.dup2(2, 1)  # the output of libraries goes to the log
    run_context = load_run_context(_RemoteProgress(messages))
    steps: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(steps, run_context.stop), daemon=True).start()
    job = _imported(definitions)(run_context).resolve_implicit_global_asset_job_def()
    for module in _NEEDED_BY_STEPS:
        importlib.import_module(module)
    messages.send(ready=True)
    if (step := steps.get()) is None:
        return
    with open_instance(run_context.home) as instance:  # created by the sender of the step; two must not create it
        while step is not None:
            result = job.execute_in_process(
                run_config=None if is_debugging() else _QUIET,
                instance=instance,
                partition_key=step["partition"],
                asset_selection=[dg.AssetKey(asset) for asset in step["assets"]],
                tags={RUN_TAG: "cli"},
                raise_on_error=False,
            )
            failure = None if result.success else failure_reason(result.all_events)
            if failure is not None and failure.traceback is not None:
                print(failure.traceback, file=sys.stderr, flush=True)
            messages.send(
                done=step["id"],
                error=failure and failure.text,
                stopped=failure is not None and failure.is_stop,
                unexpected=failure is not None and failure.traceback is not None,
            )
            step = steps.get()


def _listen(steps: "SimpleQueue[dict[str, Any] | None]", stop: threading.Event) -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("end"):
            steps.put(None)
            return
        if message.get("stop"):
            stop.set()
        else:
            steps.put(message)
    os._exit(1)


def _imported(path: str) -> "Callable[[RunContext], dg.Definitions]":
    module, _, name = path.partition(":")
    function: Callable[[RunContext], dg.Definitions] = getattr(importlib.import_module(module), name)
    return function


if __name__ == "__main__":
    collect_seldom()
    try:
        main(sys.argv[1])
    except Exception as error:  # a bug is reported to the parent process with its traceback
        if (database_error := state_error(error, home_from_environment().databases)) is None:
            raise
        print(database_error, file=sys.stderr)
        sys.exit(database_error.exit_status)
