"""Test cases that take seconds each: a few for `make test`, all for `make test-all`."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def mostly_slow(cases: Iterable[Any], quick: Collection[Any]) -> list[Any]:
    """Return the cases as parameters, marked as slow except the `quick` ones."""
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in cases]
