"""The queue over all subfolders: its order and its files."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lap_assets.core.errors import TableError
from lap_assets.duplicates.candidates import CANDIDATES
from lap_assets.review.judging import JUDGED
from lap_assets.review.queue import QUEUE, review_queue, write_queue


def candidates(*pairs: tuple[str, str, str | None]) -> pl.DataFrame:
    """Rows of `CANDIDATES` from two names and a state."""
    rows: list[dict[str, Any]] = [
        {**dict.fromkeys(CANDIDATES), "first": first, "second": second, "state": state, "likely": False}
        for first, second, state in pairs
    ]
    return pl.DataFrame(rows, CANDIDATES)


def judged(*rows: tuple[str, str, float, int | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), JUDGED, orient="row")


def test_the_most_probable_comes_first_whatever_its_subfolder_and_what_was_left_open_last() -> None:
    listed = candidates(
        ("a", "b", None), ("c", "d", "skip"), ("e", "f", None), ("g", "h", "conflict"), ("i", "j", None)
    )
    known = judged(("e", "f", 0.4, None), ("a", "b", 0.7, 1), ("c", "d", 0.99, 2), ("g", "h", 0.8, 3))
    queue = review_queue(listed, known)
    assert queue.schema == QUEUE
    assert queue["first"].to_list() == ["g", "a", "e", "i", "c"]
    assert queue["group"].to_list() == [3, 1, None, None, 2]


def test_an_older_list_of_probabilities_loses_no_pair() -> None:
    queue = review_queue(candidates(("a", "b", None), ("c", "d", None)), judged(("x", "y", 0.9, None)))
    assert queue["first"].to_list() == ["a", "c"]
    assert queue["probability"].null_count() == 2


def test_both_files_hold_the_queue_and_an_empty_one_has_its_columns(tmp_path: Path) -> None:
    queue = review_queue(candidates(("a", "b", None)), judged(("a", "b", 0.25, None)))
    for one in (queue, queue.clear()):
        write_queue(one, tmp_path)
        assert pl.read_parquet(tmp_path / "queue.parquet").equals(one)
        assert (tmp_path / "queue.csv").read_text().splitlines()[0] == ",".join(QUEUE)
    with pytest.raises(TableError, match="no column rule"):
        review_queue(queue.drop("rule"), judged())
