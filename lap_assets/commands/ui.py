"""`lap ui`: the Dagster UI and daemon on the home, on loopback alone; on a demo, with the replica that it came from."""

import os
import subprocess
import sys
from contextlib import AbstractContextManager
from typing import Final

from lap_assets.commands.home import check_writable
from lap_assets.home import Home
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace

HOST: Final = "127.0.0.1"


def serve_ui(workplace: Workplace, port: int, replica: AbstractContextManager[str | None]) -> int:
    """Runs `dagster dev` until it is stopped; gives its exit status. `replica`: what stands for the sites meanwhile.

    Raises:
        SettingsError: the home cannot be written.
    """
    check_writable(workplace.home)
    with replica as url:
        changed = {"sites_url": url, "pause": "0"} if url is not None else {}
        return _serve(workplace.home, workplace.settings.model_copy(update=changed), port)


def _serve(home: Home, settings: Settings, port: int) -> int:
    from lap_assets.engine.instance import prepare

    environment = {
        **os.environ,
        **settings.as_environment(),
        "DAGSTER_HOME": str(prepare(home)),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "dagster", "dev", "-m", "lap_assets.definitions", "-h", HOST, "-p", str(port)]
    try:
        return subprocess.call(command, env=environment)  # noqa: S603 - our own interpreter and module
    except KeyboardInterrupt:
        return 0
