"""The tools are killed at random moments; `make crash` does this many more times."""

import random
from pathlib import Path

import pytest

from tests.crashes.reviewing import kill_reviewer


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["labeler", "comparer"])
def test_what_was_done_outlives_kills_and_the_end_is_the_same(tool: str, display: str, tmp_path: Path) -> None:
    assert kill_reviewer(tool, tmp_path, actions=24, kills=3, chance=random.Random(3)) > 0
