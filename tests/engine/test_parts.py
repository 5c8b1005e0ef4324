"""Running a part of the graph first and the rest later ends where running all of it at once does."""

from pathlib import Path

from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.engine.contents import contents
from tests.support import DEMO, Lap

TO_DECISIONS = (
    "mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters", "image_hashes", "hash_pairs",
    "vit_embeddings", "embedding_pairs", "review_verdicts", "dedup_decisions", "review_candidates",
)  # fmt: skip


def up_to_decisions(home: Path) -> dict[str, str]:
    tables = tuple(f"tables/{asset}" for asset in TO_DECISIONS)
    return {
        path: digest for path, digest in contents(home).items() if path.startswith((*tables, "posters/", "review/"))
    }


def test_what_was_made_before_its_inputs_existed_is_made_again(
    finished_demo: tuple[Path, str], lap: Lap, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with serve_in_subprocess(procedural_catalog(int(DEMO[1]), int(DEMO[3]))) as url:
        site = {"LAP_HOME": home, "LAP_SITES_URL": url, "LAP_PAUSE": "0"}
        only = [part for asset in TO_DECISIONS for part in ("--only", asset)]
        part = lap("run", "--partition", "0", *only, **site)
        assert part.returncode == 0, part.stderr
        assert {path.name for path in (home / "posters").iterdir()} == {"0"}
        rest = lap("run", *only, **site)
    assert rest.returncode == 0, rest.stderr
    again = [line for line in rest.stderr.splitlines() if line.startswith("dedup_decisions + review_candidates [0]")]
    assert len(again) == 1
    assert up_to_decisions(home) == up_to_decisions(finished_demo[0])
