"""The command line's errors: one clear line that names what is wrong, an exit status, and nothing lost."""

import os
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lap_assets.commands.home import check_writable
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.support import DEMO, Lap

REPLICA = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        (("run", "--partition", "10"), {}, "no partition '10'"),
        (("run", "--only", "mal_poster"), {}, "no asset 'mal_poster'"),
        (("run",), {"LAP_PAUSE": "fast"}, "LAP_PAUSE='fast'"),
        (("run",), {"LAP_SITES_URL": "http://example.org/"}, "LAP_SITES_URL='http://example.org/'"),
        (("run",), {"LAP_BUDGET_REQUESTS": "0"}, "LAP_BUDGET_REQUESTS='0'"),
        (("run",), {"LAP_RULES": '{"same_ahash": {"ahash": [3, 1]}}'}, "rules.same_ahash.ahash"),
        (("status",), {"LAP_RULES": "nonsense"}, "not JSON"),
    ],
)
def test_bad_input_is_one_line_that_names_it(
    lap: Lap, arguments: tuple[str, ...], variables: dict[str, str], named: str
) -> None:
    result = lap(*arguments, **{"LAP_SITES_URL": REPLICA, **variables})
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert named in result.stderr


def test_the_real_sites_are_not_asked_without_a_contact(lap: Lap) -> None:
    result = lap("run")
    assert result.returncode == 2
    assert "LAP_CONTACT is not set" in result.stderr
    assert "LAP_PERMISSION is not set" in result.stderr


def test_a_home_that_cannot_be_written_is_named(lap: Lap, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for arguments in (("run",), ("demo",)):
        result = lap(*arguments, LAP_HOME=tmp_path / "file" / "home", LAP_SITES_URL=REPLICA)
        assert result.returncode == 2
        assert result.stderr.count("\n") == 1
        assert f"LAP_HOME={tmp_path / 'file' / 'home'}: not writable" in result.stderr


def test_many_processes_can_check_one_home_at_once(tmp_path: Path) -> None:
    """The workers of a cluster start together on one home."""
    with ThreadPoolExecutor(8) as pool:
        for looked in [pool.submit(check_writable, Home(tmp_path / "home")) for _ in range(100)]:
            looked.result()


def test_the_demo_never_mixes_its_posters_with_real_ones(lap: Lap, tmp_path: Path) -> None:
    (tmp_path / "home" / "posters" / "0").mkdir(parents=True)
    result = lap("demo", LAP_HOME=tmp_path / "home")
    assert result.returncode == 2
    assert "is not a demo's home" in result.stderr


def test_an_invalid_line_of_a_catalog_is_named(lap: Lap, tmp_path: Path) -> None:
    for name in ("mal_pics.txt", "wa_anime_main.csv", "wa_anime_posters.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "mal_links.txt").write_text("https://myanimelist.net/anime/1/A\nhttps://example.org/2\n")
    result = lap("replica", "--catalog", str(tmp_path), "--port", "0")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "mal_links.txt" in result.stderr
    assert "line 2" in result.stderr


@pytest.mark.slow
def test_a_site_that_is_down_fails_its_steps_with_the_reason_and_holds_back_the_rest(lap: Lap, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = lap("run", "--partition", "0", LAP_HOME=tmp_path / "home", LAP_SITES_URL=nobody, LAP_PAUSE="0")
    assert result.returncode == 1
    failed = [line for line in result.stderr.splitlines() if line.startswith("FAILED")]
    assert sorted(line.split(":")[0] for line in failed) == ["FAILED mal_catalog", "FAILED wa_catalog"]
    assert all(f"nothing listens at {nobody.removeprefix('http://')}" in line for line in failed)
    assert "steps wait for the failed ones" in result.stderr
    assert "nothing to do" not in result.stderr


def test_two_commands_on_one_home_exclude_each_other(lap: Lap, tmp_path: Path) -> None:
    lock = tmp_path / "home" / "state" / "run.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(f'{{"pid": {os.getpid()}, "host": "{socket.gethostname()}", "since": "today"}}')
    result = lap("run", LAP_HOME=tmp_path / "home", LAP_SITES_URL=REPLICA)
    assert result.returncode == 2
    assert f"process {os.getpid()}" in result.stderr


def from_mal(home: Path) -> set[str]:
    return {path.name for path in (home / "posters").rglob("*.jpg") if PosterName.parse(path.name).source == "mal"}


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_full_disk_is_named_and_loses_nothing(
    finished_demo: tuple[Path, str], lap_process: Lap, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("no mount is allowed here")
    posters = ("run", "--only", "mal_catalog", "--only", "mal_posters")
    try:
        with serve_in_subprocess(procedural_catalog(int(DEMO[1]), int(DEMO[3]))) as url:
            site = {"LAP_HOME": disk / "home", "LAP_SITES_URL": url, "LAP_PAUSE": "0"}
            result = lap_process(*posters, **site)
            assert "its disk is full" in result.stderr
            assert result.returncode == 2
            assert "Traceback" not in result.stderr
            subprocess.run(["mount", "-o", "remount,size=400m", str(disk)], check=True)
            again = lap_process(*posters, **site)
        assert again.returncode == 0, again.stderr
        assert from_mal(disk / "home") == from_mal(finished_demo[0]) != set()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


@pytest.mark.parametrize("name", ["adopt", "demo", "refresh", "replica", "run", "status", "ui"])
def test_every_command_explains_itself(lap: Lap, name: str) -> None:
    result = lap(name, "--help")
    assert result.returncode == 0
    assert "Usage:" in result.stdout


def test_the_operating_system_gets_the_status_and_the_line(lap_process: Lap) -> None:
    result = lap_process("run", "--partition", "10", LAP_SITES_URL=REPLICA)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "no partition '10'" in result.stderr
