"""The process behind `serving.serve_in_subprocess`: reads the catalog from stdin, serves, and ends with its parent.

Only the child's side belongs here. It prints one line on stdout: {"url": …}, or {"error": …} before it exits.
"""

import json
import os
import pickle
import select
import sys
import threading
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.replica.serving import run_replica

_CHECK_SECONDS: Final = 1.0


def main() -> None:
    """Serve the catalog sent by the parent until the parent closes the pipe or ends."""
    parent = os.getppid()
    catalog, port, request_log = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        run_replica(catalog, port=port, request_log=request_log, on_ready=lambda url: _say({"url": url}))
    except InputError as error:
        _say({"error": str(error)})


def _end_with(parent: int) -> None:
    """End this process when the pipe closes or the parent changes, since a forked sibling may hold the pipe open."""
    while os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin], [], [], _CHECK_SECONDS)
        if readable and not os.read(sys.stdin.fileno(), 1024):
            break
    os._exit(0)


def _say(what: dict[str, str]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
