"""`lap ui`: the Dagster UI and daemon on the home, bound to loopback."""

import os
import subprocess
import sys
from typing import Final

from lap_assets.commands.home import check_writable
from lap_assets.workplace import Workplace

HOST: Final = "127.0.0.1"


def serve_ui(workplace: Workplace, port: int) -> int:
    """Runs `dagster dev` until it is stopped; gives its exit status.

    Raises:
        SettingsError: the home cannot be written.
    """
    from lap_assets.engine.instance import prepare

    check_writable(workplace.home)
    environment = {
        **os.environ,
        **workplace.settings.as_environment(),
        "DAGSTER_HOME": str(prepare(workplace.home)),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "dagster", "dev", "-m", "lap_assets.definitions", "-h", HOST, "-p", str(port)]
    try:
        return subprocess.call(command, env=environment)  # noqa: S603 - our own interpreter and module
    except KeyboardInterrupt:
        return 0
