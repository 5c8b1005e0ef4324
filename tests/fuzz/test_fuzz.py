"""A short run of the fuzzer on every reader: no crash, no hang, no wrongly accepted input."""

import itertools

import pytest

from tests.fuzz.running import feed
from tests.fuzz.targets import QUICK, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_breaks_a_reader(name: str) -> None:
    count = 3000 if name in QUICK else 250
    *_, fed = itertools.islice(feed(TARGETS[name], seed=7), count)
    assert fed.accepted + fed.refused == count
