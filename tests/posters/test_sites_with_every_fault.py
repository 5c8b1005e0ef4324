"""Both sites scraped to the end with a share of every kind of fault, compared with a scrape without faults.

`make load-full` does it at the original's size.
"""

import pytest

from tests.crashes.at_size import compare


@pytest.mark.slow
def test_the_result_equals_that_without_faults_and_an_open_breaker_stops_requests() -> None:
    parts = compare("30", 1.5, 2)
    assert len(parts) == 22  # two catalogs, ten subfolders of each site
    assert sum(part.held for part in parts) > 100
    assert sum(part.disturbed.bans for part in parts) > 0
    assert [part.name for part in parts if part.wrong or part.disturbed.after_ban] == []
