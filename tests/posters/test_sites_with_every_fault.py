"""Both sites scraped to the end while every kind of fault takes its share, beside an undisturbed scrape.

`make load-full` does it at the original's size.
"""

import pytest

from tests.crashes import at_size


def test_the_end_is_that_of_no_fault_and_nothing_is_asked_during_a_ban(capsys: pytest.CaptureFixture[str]) -> None:
    assert at_size.main("30", 1.5, 2) == 0
    said = capsys.readouterr().out
    assert "0 at the end" in said
    assert " 0 requests during them" in said
    assert "0 bans, 0 requests during them; 0 lacking" not in said  # a world whose breakers never open shows nothing
