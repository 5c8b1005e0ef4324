"""The whole graph, as people run it: a demo, a second run, interrupted, killed, with a person's verdict."""

import json
import random
import signal
import subprocess
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.box import Box
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lap_format import write
from lap_assets.core.labels.lists import ReviewEntry, write_reviewed
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from lap_assets.labels.refined import FILES
from lap_assets.release.verify import problems_of
from tests.crashes.killing import kill_and_finish
from tests.engine.contents import contents, unlike
from tests.support import DEMO, HAS_MODELS, SECONDS, Lap, command, environment

BOXES = {"faces": "baseline_face_boxes", "heads": "baseline_head_boxes"}


def table(home: Path, asset: str, partition: str) -> pl.DataFrame:
    return pl.read_parquet(home / "tables" / asset / f"{partition}.parquet")


def all_partitions(home: Path, asset: str) -> pl.DataFrame:
    return pl.concat([table(home, asset, key) for key in SUBFOLDERS])


def run_count(home: Path) -> int:
    return len(list((home / "dagster" / "history" / "runs").glob("*.db")))


def test_the_summary_counts_every_partition_and_scores_against_the_truth(finished_demo: tuple[Path, str]) -> None:
    home, _ = finished_demo
    result = json.loads((home / "summary.json").read_text())
    assert set(result["partitions"]) == set(SUBFOLDERS)
    for key, counts in result["partitions"].items():
        posters = table(home, "mal_posters", key).height + table(home, "wa_posters", key).height
        assert counts["posters"] == posters == counts["removed"] + counts["images"]
        assert counts["pairs"] == table(home, "hash_pairs", key).height
        for kind, asset in BOXES.items():
            found = table(home, asset, key)
            assert counts[kind] == (found["boxes"].list.len().sum() if found.height == counts["images"] else None)
    assert result["duplicates"]["removed"] > 0
    assert result["duplicates"]["precision"] >= 0.99
    assert result["duplicates"]["recall_of_plain_copies"] >= 0.95


@pytest.mark.skipif(HAS_MODELS, reason="there are models")
def test_without_models_their_tables_are_empty_and_the_summary_says_nothing_of_them(
    finished_demo: tuple[Path, str],
) -> None:
    home, _ = finished_demo
    result = json.loads((home / "summary.json").read_text())
    assert result["faces"]["ap50"] is result["heads"]["ap50"] is None
    assert result["embedding"] == {"asked": None, "likely": None}
    for asset in ("vit_embeddings", "embedding_pairs", *BOXES.values()):
        assert all_partitions(home, asset).height == 0


@pytest.mark.skipif(not HAS_MODELS, reason="there are no models")
def test_with_models_every_poster_has_a_vector_and_every_image_was_looked_at(finished_demo: tuple[Path, str]) -> None:
    home, _ = finished_demo
    result = json.loads((home / "summary.json").read_text())
    vectors = all_partitions(home, "vit_embeddings")
    assert set(vectors["name"]) == set(all_partitions(home, "image_hashes")["name"])
    assert vectors["problem"].count() == 0
    assert result["embedding"]["likely"]["recall"] > 0.5
    for kind, asset in BOXES.items():
        assert set(all_partitions(home, asset)["name"]) == set(all_partitions(home, "resized_images")["name"])
        assert result[kind]["ap50"] > 0.5


def test_every_poster_is_kept_or_removed_and_every_kept_one_released(finished_demo: tuple[Path, str]) -> None:
    home, _ = finished_demo
    decisions = all_partitions(home, "dedup_decisions")
    held = {path.name for path in (home / "posters").rglob("*.jpg")}
    assert set(decisions["name"]) == held
    kept = set(decisions.filter(pl.col("decision") == "keep")["name"])
    release = home / "release" / "v0001"
    assert {path.name for path in release.rglob("*.jpg")} == kept
    assert set(decisions["survivor"].drop_nulls()) <= kept
    assert problems_of(release) == []
    manifest = pl.read_csv(release / "manifest.csv")
    assert manifest["url"].null_count() == manifest.height  # drawn posters have no URL on the sites
    assert set(manifest["origin"]) == {"replica"}
    assert set(manifest["original_sha256"]) <= set(all_partitions(home, "image_hashes")["sha256"])


def test_images_are_within_the_limits(finished_demo: tuple[Path, str]) -> None:
    home, _ = finished_demo
    images = all_partitions(home, "resized_images")
    assert images.select(pl.max_horizontal("width", "height").max()).item() <= 1920
    assert images.select(pl.max_horizontal("width", "height").min()).item() >= 300
    upscaled = images.filter(pl.col("action") == "upscaled")
    assert upscaled.height > 0
    assert upscaled.filter(pl.col("width") != 2 * pl.col("raw_width")).height == 0


def test_no_excluded_anime_has_a_poster(finished_demo: tuple[Path, str]) -> None:
    home, _ = finished_demo
    catalog = pl.read_parquet(home / "tables" / "mal_catalog.parquet")
    excluded = set(catalog.filter("excluded")["mal_id"])
    assert excluded
    assert not excluded & set(all_partitions(home, "image_hashes")["mal_id"])


def test_a_second_demo_finds_nothing_to_do(demo_home: Path, lap: Lap) -> None:
    before, runs = contents(demo_home), run_count(demo_home)
    again = lap("demo", *DEMO, LAP_HOME=demo_home)
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stderr
    assert run_count(demo_home) == runs
    assert contents(demo_home) == before


def test_a_refresh_with_nothing_to_do_starts_no_process(demo_home: Path, lap: Lap) -> None:
    log = demo_home / "state" / "logs" / "worker-0.log"
    log.unlink()
    again = lap("refresh", LAP_HOME=demo_home, LAP_SITES_URL="http://127.0.0.1:9")
    assert (again.returncode, "nothing to do" in again.stderr) == (0, True)
    assert not log.exists()


def test_status_is_fresh_everywhere(finished_demo: tuple[Path, str], lap: Lap) -> None:
    result = lap("status", "--json", LAP_HOME=finished_demo[0], LAP_SITES_URL="http://127.0.0.1:9")
    rows = json.loads(result.stdout)
    assert {row["status"] for row in rows} == {"fresh"}
    assert {row["partition"] for row in rows if row["asset"] == "hash_pairs"} == set(SUBFOLDERS)
    assert "✓" in lap("status", LAP_HOME=finished_demo[0]).stderr


@pytest.mark.slow
def test_labels_are_due_and_rerun_their_own_table_and_the_release(demo_home: Path, lap: Lap) -> None:
    image = all_partitions(demo_home, "resized_images").row(0, named=True)
    key = PosterName.parse(image["name"]).subfolder
    labels = demo_home / "review" / "labels_faces.txt"
    write(labels, {f"{key}/{image['name']}": [Box(1, 2, 30, 40, 7)]})
    entry = ReviewEntry(True, (image["width"], image["height"]))
    write_reviewed(reviewed_path(labels), {f"{key}/{image['name']}": entry})
    again = lap("demo", *DEMO, LAP_HOME=demo_home)
    assert again.returncode == 0, again.stderr
    steps = [line.split(": ")[0] for line in again.stderr.splitlines() if ": " in line and f" [{key}]" in line]
    assert steps[0] == f"refined_face_boxes [{key}]"
    assert steps[1:] == ["detector_report + lap_dataset"]
    row = table(demo_home, "refined_face_boxes", key).row(0, named=True)
    assert row == {
        "name": image["name"],
        "sha256": image["sha256"],
        "boxes": [{"x0": 1, "y0": 2, "x1": 30, "y1": 40, "class": 7}],
        "reviewed": True,
        "problem": None,
        "audit": None,
        "model": None,
    }


@pytest.mark.slow
def test_a_verdict_reruns_decisions_and_only_the_images_it_concerns(demo_home: Path, lap: Lap) -> None:
    waiting = all_partitions(demo_home, "review_candidates")
    pair = waiting.row(0, named=True)
    hashes = {row["name"]: row["sha256"] for row in all_partitions(demo_home, "image_hashes").iter_rows(named=True)}
    first, second = pair["first"], pair["second"]
    higher = next(key for key in SUBFOLDERS if first in table(demo_home, "review_candidates", key)["first"])
    log = VerdictLog(demo_home / "review" / "verdicts" / f"{higher}.jsonl")
    log.append(
        PairVerdict(
            reviewer="ann",
            first=first,
            first_sha256=hashes[first],
            second=second,
            second_sha256=hashes[second],
            measure=pair["measure"],
            distance=pair["distance"],
            verdict="duplicate",
            removed=second,
        )
    )
    ahead = json.loads(lap("refresh", "--dry-run", "--json", LAP_HOME=demo_home).stdout)
    assert ahead["would_run"] == [
        {"assets": ["review_verdicts"], "partition": higher, "causes": ["people decided since"]}
    ]
    following = {asset for step in ahead["may_follow"] for asset in step["assets"]}
    assert following == {
        "resolution", "pending_pairs", "dedup_decisions", "review_candidates", "resized_images", *BOXES.values(),
        *FILES, "lap_dataset", "detector_report", "pair_probabilities", "review_queue",
    }  # fmt: skip
    again = lap("refresh", "--json", LAP_HOME=demo_home)
    assert again.returncode == 0, again.stderr
    done = json.loads(again.stdout)
    assert done["failed"] == done["held_back"] == []
    ran = [(asset, step["partition"]) for step in done["ran"] for asset in step["assets"]]
    assert {asset for asset, _ in ran} == {"review_verdicts", *following}
    assert len(done["ran"]) <= 8  # one row per run
    removed_in = next(key for key in SUBFOLDERS if second in set(table(demo_home, "dedup_decisions", key)["name"]))
    for asset in ("resized_images", *BOXES.values(), *FILES):
        assert [key for made, key in ran if made == asset] == [removed_in]
    assert json.loads(lap("refresh", "--dry-run", "--json", LAP_HOME=demo_home).stdout)["would_run"] == []
    decided = all_partitions(demo_home, "dedup_decisions").filter(pl.col("name") == second).row(0, named=True)
    assert (decided["decision"], decided["by"], decided["reviewer"]) == ("remove", "person", "ann")
    assert decided["survivor"] == first
    released = sorted(path.name for path in (demo_home / "release").iterdir())
    assert released == ["v0001", "v0002"]
    assert second not in {path.name for path in (demo_home / "release" / "v0002").rglob("*.jpg")}
    assert second in {path.name for path in (demo_home / "release" / "v0001").rglob("*.jpg")}


@pytest.mark.slow
def test_interrupted_and_killed_at_random_moments_it_resumes_to_the_same_result(
    finished_demo: tuple[Path, str], tmp_path: Path
) -> None:
    """`make crash` kills many more times."""
    home = tmp_path / "home"
    process = subprocess.Popen(
        command("demo", *DEMO), env=environment(LAP_HOME=home), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("mal_posters"):
            break
    process.send_signal(signal.SIGINT)
    output = process.stderr.read()
    assert process.wait(SECONDS) == 130
    assert "the same command resumes" in output
    killed = kill_and_finish(
        command("demo", *DEMO), environment(LAP_HOME=home), tmp_path,
        kills=3, chance=random.Random(7), steps=25, timeout=SECONDS,
    )  # fmt: skip
    assert killed.times > 0
    assert unlike(home, finished_demo[0]) == set()
