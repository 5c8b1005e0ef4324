"""Pieces come in order, cover everything once, and the last one may be shorter."""

import pytest

from lap_assets.core.progress import Silent
from lap_assets.training.pieces import drawn_pieces


def numbers(plan: int, start: int) -> list[int]:
    return list(range(start, min(start + 4, plan)))


@pytest.mark.parametrize("count", [1, 4, 10])
def test_the_pieces_fill_their_places(count: int) -> None:
    filled = [-1] * count
    for place, piece in drawn_pieces(numbers, count, count, 4, "numbers", Silent()):
        assert filled[place] == [-1] * len(piece)
        filled[place] = piece
    assert filled == list(range(count))
