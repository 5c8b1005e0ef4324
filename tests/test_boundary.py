"""How commands end: a user error is one line, a bug is a traceback, and LAP_DEBUG shows everything."""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from lap_assets.cli.boundary import main
from lap_assets.core import errors
from lap_assets.core.errors import LabelFileError, LapError, PageFailed, PictureError, SettingsError, Stopped
from lap_assets.engine.failure_reasons import failure_reason
from tests.support import Lap


def raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def ended(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as end:
        main(raising(error))
    assert isinstance(end.value.code, int)
    return end.value.code, capsys.readouterr().err


@pytest.fixture(autouse=True)
def _no_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAP_DEBUG", raising=False)


@pytest.mark.parametrize(
    ("error", "status", "lines"),
    [
        (SettingsError("LAP_PAUSE='x': expected\nseconds"), 2, ["lap: LAP_PAUSE='x': expected seconds"]),
        (LabelFileError(["a.txt:1: bad", "a.txt:2: worse"]), 2, ["lap: a.txt:1: bad", "lap: a.txt:2: worse"]),
        (Stopped("stopped"), 130, ["lap: stopped"]),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "x.jpg"), 2,
         ["lap: x.jpg: No such file or directory"]),
        (OSError(errno.ENOSPC, "No space left on device"), 2, ["lap: No space left on device"]),
        (KeyboardInterrupt(), 130, ["lap: stopped at once; all finished work is kept"]),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_without_a_traceback(
    error: BaseException, status: int, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = ended(error, capsys)
    assert (code, output.splitlines()) == (status, lines)


@pytest.mark.parametrize(
    "error", [ValueError("matmul: shapes"), KeyError("name"), TypeError("x"), OSError("?"), ModuleNotFoundError("x")]
)
def test_anything_else_is_a_bug_with_its_traceback(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    code, output = ended(error, capsys)
    assert code == 70
    assert output.startswith("Traceback")
    assert "test_boundary.py" in output
    assert "this is a bug in LAP" in output.splitlines()[-1]
    assert "please report it" in output.splitlines()[-1]


@pytest.mark.parametrize("error", [SettingsError("no"), ValueError("no"), FileNotFoundError(2, "no", "x")])
def test_debugging_shows_every_traceback_once(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAP_DEBUG", "1")
    _, output = ended(error, capsys)
    assert output.count("Traceback") == 1
    assert output.splitlines()[-1].startswith("lap: ")


def test_every_error_has_an_exit_status_that_is_not_a_bug_s() -> None:
    def below(kind: type[LapError]) -> set[type[LapError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    assert {kind.exit_status for kind in below(LapError)} == {2, 3, 130}
    assert all(getattr(errors, kind.__name__) is kind for kind in below(LapError)), "all are in the one package"
    assert {kind.__module__.rpartition(".")[0] for kind in below(LapError)} == {errors.__name__}


def test_the_process_ends_with_the_status_and_one_line(lap_process: Lap) -> None:
    result = lap_process("status", LAP_PAUSE="fast")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("lap: LAP_PAUSE='fast': ")
    assert result.stderr.count("\n") == 1
    result = lap_process("status", "--unknown")
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def reason_of(raised: BaseException) -> tuple[str, str | None]:
    @dg.asset
    def broken() -> None:
        raise raised

    job = dg.Definitions([broken], executor=dg.in_process_executor).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=quiet)
    reason = failure_reason(result.all_events)
    return reason.text, reason.traceback


@pytest.mark.parametrize(
    ("raised", "text"),
    [
        (PageFailed("https://x: no answer"), "https://x: no answer"),
        (PictureError("not whole", Path("a.jpg")), "a.jpg: not whole"),
        (dg.Failure("none is here", allow_retries=False), "none is here"),
        (FileNotFoundError(2, "No such file", "a"), "a: No such file"),
        (PermissionError(1, "Not permitted", "a b/x.part", None, "a b/x"), "a b/x: Not permitted"),
        (
            ConnectionResetError(104, "Connection reset by peer"),
            "ConnectionResetError: [Errno 104] Connection reset by peer",
        ),
    ],
)
def test_a_step_s_fault_is_its_message(raised: BaseException, text: str) -> None:
    assert reason_of(raised) == (text, None)


def test_a_step_s_bug_is_called_unexpected_and_keeps_its_traceback() -> None:
    text, traceback = reason_of(KeyError("name"))
    assert text == "unexpected error: KeyError: 'name'"
    assert traceback is not None
    assert "test_boundary.py" in traceback


BROKEN = """
import dagster as dg

def definitions(run_context):
    @dg.asset(name="mal_catalog")
    def broken():
        raise KeyError("a bug")
    return dg.Definitions([broken], executor=dg.in_process_executor)
"""


def test_a_worker_writes_the_traceback_of_a_bug_into_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lap_assets.core.progress import Silent
    from lap_assets.engine.graph import Step
    from lap_assets.engine.worker_pool import WorkerPool

    (tmp_path / "broken_definitions.py").write_text(BROKEN)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LAP_")}
    paths = os.pathsep.join([str(tmp_path), *sys.path])
    environment = {**inherited, "PYTHONPATH": paths, "LAP_HOME": str(tmp_path / "home"), "PYTHONWARNINGS": "ignore"}
    logs = tmp_path / "logs"
    with WorkerPool(1, "broken_definitions:definitions", environment, logs, Silent()) as pool:
        pool.start(Step(("mal_catalog",), None, None, frozenset()))
        while (end := pool.wait(60)) is None:
            pass
    assert end.error is not None
    assert end.error.startswith("unexpected error: KeyError: 'a bug' (")
    assert str(logs / "worker-0.log") in end.error
    log = (logs / "worker-0.log").read_text()
    assert "broken_definitions.py" in log
    assert "KeyError" in log
