"""Garbage collection: less often, not at exit, and not while many objects are created at once."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from lap_assets.core.garbage import permanent, uncollected

PROGRAM = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0))  # runs last
from lap_assets.core.garbage import collect_seldom
usual = gc.get_threshold()
collect_seldom()
print(gc.isenabled() and all(new > old for new, old in zip(gc.get_threshold(), usual)))
"""


def test_a_process_collects_garbage_rarely_and_not_at_exit() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True"]


@pytest.fixture(params=[True, False])
def on(request: pytest.FixtureRequest) -> Iterator[bool]:
    was_on = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if was_on else gc.disable)()
    gc.unfreeze()


def test_uncollected_restores_the_collector_even_after_an_error(on: bool) -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled() is on
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled() is on


def test_what_is_permanent_is_never_scanned(on: bool) -> None:
    with permanent():
        created = [[number] for number in range(3)]
    assert gc.isenabled() is on
    assert created not in gc.get_objects()
    assert gc.get_freeze_count() > len(created)
