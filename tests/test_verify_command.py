"""`lap verify` on a demo's home with changed files, and `--repair`."""

from pathlib import Path

import pytest

from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.engine.contents import contents
from tests.support import Lap


def lines(told: str) -> list[str]:
    return told.splitlines()


def test_a_home_that_nobody_touched_is_as_it_was_written(finished_demo: tuple[Path, str], lap: Lap) -> None:
    result = lap("verify", LAP_HOME=finished_demo[0])
    assert (result.returncode, lines(result.stdout)) == (0, ["the home is as it was written"])


@pytest.mark.slow
def test_missing_changed_and_unexpected_files_are_reported_and_exactly_restored(demo_home: Path, lap: Lap) -> None:
    before = contents(demo_home)
    posters = sorted((demo_home / "posters").rglob("*.jpg"))
    wa = next(path for path in posters if "_WA" in path.name)
    changed, missing = posters[0], wa
    body = changed.read_bytes()
    changed.unlink()  # the copied home has links to the original's pictures
    changed.write_bytes(body[:-1] + b"x")
    missing.unlink()
    image = next(
        path for path in sorted((demo_home / "images").rglob("*.jpg")) if path.name not in (changed.name, wa.name)
    )
    image.unlink()
    table = next((demo_home / "tables" / "hash_pairs").glob("*.parquet"))
    table.write_bytes(b"no table")
    foreign = demo_home / "posters" / "0" / "notes.txt"
    foreign.write_text("mine")

    result = lap("verify", LAP_HOME=demo_home)
    assert result.returncode == 1
    reported = {line.split(": ")[0]: line.split(": ")[1].split(" ")[0] for line in lines(result.stdout)}
    wanted = {changed: "changed", missing: "missing", image: "missing", table: "changed", foreign: "unexpected"}
    assert reported == {str(path): what for path, what in wanted.items()}

    with serve_in_subprocess(procedural_catalog(30, 3)) as url:
        mended = lap("verify", "--repair", LAP_HOME=demo_home, LAP_SITES_URL=url, LAP_PAUSE="0")
    assert lines(mended.stdout) == [f"{foreign}: unexpected"], mended.stderr
    foreign.unlink()
    assert contents(demo_home) == before
    assert (demo_home / "set_aside" / changed.relative_to(demo_home)).read_bytes() == body[:-1] + b"x"
    assert lap("verify", LAP_HOME=demo_home).returncode == 0


def test_a_folder_is_checked_and_never_mended(lap: Lap, tmp_path: Path) -> None:
    result = lap("verify", str(tmp_path), "--repair")
    assert result.returncode == 2
    assert "--repair works on the home" in result.stderr
