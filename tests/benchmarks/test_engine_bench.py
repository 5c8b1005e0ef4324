import pytest

from benchmarks.engine import bare_step, lap_step
from lap_assets.definitions import build_definitions


@pytest.mark.slow
def test_a_step_of_both_kinds_is_timed() -> None:
    assert bare_step(1) > 0
    assert lap_step(1, build_definitions) > 0
