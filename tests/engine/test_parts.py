"""Running a part of the graph first and the rest later gives the same result as running all at once."""

from pathlib import Path

import pytest

from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.engine.contents import unlike
from tests.support import DEMO, Lap


@pytest.mark.slow
def test_a_partition_made_before_its_inputs_is_made_again(
    finished_demo: tuple[Path, str], lap: Lap, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serve_in_subprocess(procedural_catalog(int(DEMO[1]), int(DEMO[3]))) as url:
        site = {"LAP_HOME": home, "LAP_SITES_URL": url, "LAP_PAUSE": "0"}
        part = lap("run", "--partition", "0", **site)
        assert part.returncode == 0, part.stderr
        assert {path.name for path in (home / "posters").iterdir()} == {"0"}
        rest = lap("run", **site)
    assert rest.returncode == 0, rest.stderr
    again = [line for line in rest.stderr.splitlines() if line.startswith("pending_pairs + resolution: ")]
    assert len(again) == 1
    assert " is new" in again[0]
    assert {path for path in unlike(home, finished_demo[0]) if not path.startswith("release/")} == set()
    assert (home / "release" / "v0002").is_dir()
