"""The remaining workers of a cluster after kills, with processes that only wait."""

import sys
from pathlib import Path

from tests.cluster.machines import Cluster

_WAITING = [sys.executable, "-c", "import time; time.sleep(600)"]


def test_a_killed_worker_is_none_that_can_be_asked_to_end(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "home", tmp_path / "machines", sites="", broker="", database="")
    names = {"cpu-1": "cpu", "cpu-2": "cpu", "mal-1": "mal"}
    for name, queue in names.items():
        cluster.start(name, _WAITING, queue)
    cluster.start("web", _WAITING)
    try:
        assert cluster.living_workers("cpu") == ["cpu-1", "cpu-2"]
        for victim, left in (("cpu-2", ["cpu-1"]), ("cpu-1", [])):
            cluster.kill(victim)
            assert cluster.living_workers("cpu") == left
        cluster.start("cpu-1-again", _WAITING, "cpu")
        assert cluster.living_workers("cpu") == ["cpu-1-again"]
        assert cluster.living_workers("mal") == ["mal-1"]
        assert cluster.stop("mal-1") == -15
    finally:
        cluster.__exit__(None, None, None)


def test_nothing_of_them_stays(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "home", tmp_path / "machines", sites="", broker="", database="")
    cluster.start("cpu-1", _WAITING, "cpu")
    cluster.__exit__(None, None, None)
    assert cluster.living_workers("cpu") == []
