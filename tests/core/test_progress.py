import pytest

from lap_assets.core.home import Home
from lap_assets.core.progress import LogLines, Progress, Silent
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings


def test_without_an_interval_every_step_is_logged() -> None:
    lines: list[str] = []
    with LogLines(lines.append, seconds=0).task("Pages", 1200) as advance:
        advance(1)
        advance(1100)
    assert lines == ["Pages: 1 of 1,200", "Pages: 1,101 of 1,200", "Pages: 1,101 of 1,200, done"]


def test_within_the_interval_only_the_end_is_logged() -> None:
    lines: list[str] = []
    with LogLines(lines.append, seconds=1000).task("Pages", None) as advance:
        for _ in range(50):
            advance(1)
    assert lines == ["Pages: 50, done"]


def test_a_failing_task_is_not_logged_as_done() -> None:
    lines: list[str] = []
    with pytest.raises(KeyError), LogLines(lines.append).task("Pages", 5):
        raise KeyError
    assert lines == []


@pytest.mark.parametrize("shown", [Silent(), LogLines(lambda _: None)])
def test_every_progress_takes_steps(shown: Progress) -> None:
    with shown.task("x", 3) as advance:
        advance(2)
        advance(1)


def test_a_run_context_logs_unless_it_is_shown_already() -> None:
    lines: list[str] = []
    with RunContext(Settings()).logging_to(lines.append).progress.task("x", 1):
        pass
    assert lines == ["x: 0 of 1, done"]

    shown = Silent()
    assert RunContext(Settings(), shown).logging_to(lines.append).progress is shown
    assert RunContext(Settings()).home == Home(Settings().home.absolute())
