"""`lap adopt`: an existing LAP folder becomes a home, and a rescrape adds only what is new."""

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.support import DEMO, Lap

SITES = ("mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters")
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def folder(finished_demo: tuple[Path, str], tmp_path: Path) -> Path:
    """A dataset as the original project released it: the demo's cleaned images and label files."""
    made = tmp_path / "LAP"
    shutil.copytree(finished_demo[0] / "images", made)
    for key in SUBFOLDERS:
        (made / key).mkdir(exist_ok=True)
    names = image_names(made)
    labels = [name.replace("/", "\\") for name in names]
    (made / "labels_faces.txt").write_text("".join(f"{name}: 10 10 40 40 3\n" for name in labels[:5]))
    (made / "labels_faces_baseline.txt").write_text("".join(f"{name}: 10 10 40 40 0.9876\n" for name in labels))
    (made / "classes.txt").write_text("0:boy\n3:young woman\n")
    (made / "delcands.txt").write_text("2\n")
    return made


def image_names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*.jpg"))


def test_problems_are_listed_and_nothing_is_changed_without_skip(folder: Path, lap: Lap, tmp_path: Path) -> None:
    good = image_names(folder)
    (folder / "0" / "cover.jpg").write_bytes(b"")
    (folder / "0" / "MAL00002_0001_000999.jpg").write_bytes(b"no picture")
    wrong = folder / ("1" if good[0].startswith("0") else "0") / Path(good[0]).name
    shutil.copyfile(folder / good[0], wrong)
    with (folder / "labels_faces.txt").open("a") as labels:
        labels.write("0\\MAL00009_0001_000001.jpg: 1 2 3 4\n0\\MAL00001_0001_000001.jpg: 1 2 3\n")
    result = lap("adopt", str(folder), LAP_HOME=tmp_path / "home")
    assert result.returncode == 1
    for line in (
        "0/cover.jpg: 'cover.jpg' is not a poster's name", "MAL00002_0001_000999.jpg: not a picture",
        f"{wrong.name}: it belongs in subfolder", "0/MAL00009_0001_000001.jpg is not an image of the folder",
        "labels_faces.txt:7: box '1 2 3' has 3 numbers", "nothing was changed",
    ):  # fmt: skip
        assert line in result.stderr
    assert not (tmp_path / "home" / "tables").exists()
    assert not (tmp_path / "home" / "posters").exists()
    assert lap("adopt", "--skip", str(folder), LAP_HOME=tmp_path / "home").returncode == 0
    assert image_names(tmp_path / "home" / "posters") == good


def test_an_invalid_folder_is_one_line(lap: Lap, tmp_path: Path) -> None:
    result = lap("adopt", str(tmp_path), LAP_HOME=tmp_path / "home")
    assert result.returncode == 2
    assert "is not a LAP folder" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_it_is_registered_without_a_request_and_a_rescrape_adds_only_what_is_new(
    folder: Path, lap: Lap, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    result = lap("adopt", str(folder), LAP_HOME=home, LAP_SITES_URL=NOWHERE)
    assert result.returncode == 0, result.stderr
    held = image_names(folder)
    assert image_names(home / "posters") == held
    assert (home / "review" / "labels_faces.txt").read_bytes() == (folder / "labels_faces.txt").read_bytes()
    assert (home / "review" / "delcands.names.txt").read_text() == f"{held[2]}\n"
    boxes = pl.concat([pl.read_parquet(path) for path in (home / "tables" / "baseline_face_boxes").glob("*.parquet")])
    assert set(boxes["name"]) == {Path(name).name for name in held}
    rows = json.loads(lap("status", "--json", LAP_HOME=home, LAP_SITES_URL=NOWHERE).stdout)
    made = {(row["asset"], row["partition"]) for row in rows if row["status"] != "missing"}
    assert made >= {(asset, key) for asset in ("mal_posters", "wa_posters") for key in SUBFOLDERS}
    log = tmp_path / "requests.jsonl"
    with serve_in_subprocess(procedural_catalog(int(DEMO[1]), int(DEMO[3])), request_log=log) as url:
        only = [option for asset in SITES for option in ("--only", asset)]
        ran = lap("run", *only, LAP_HOME=home, LAP_SITES_URL=url, LAP_PAUSE="0", LAP_PROBE_IDS="40")
    assert ran.returncode == 0, ran.stderr
    asked = [json.loads(line) for line in log.read_text().splitlines()]
    pictures = {one["path"] for one in asked if one["path"].endswith(".jpg")}
    added = set(image_names(home / "posters")) - set(held)
    assert added
    assert len(pictures) == len(added)
    assert all((home / "posters" / name).read_bytes() == (folder / name).read_bytes() for name in held)


def refined_images(home: Path) -> dict[str, str]:
    rows = (home / "review" / "labels_faces.reviewed.tsv").read_text().splitlines()[1:]
    return {row.split("\t")[0]: row.split("\t")[1] for row in rows}


@pytest.mark.slow
def test_peoples_work_is_kept_and_the_rest_is_made_without_any_site(folder: Path, lap: Lap, tmp_path: Path) -> None:
    """Marks act, classified images count as reviewed, and the detector's boxes stay if no detector is set."""
    home, names = tmp_path / "home", image_names(folder)
    (folder / "labels_faces_baseline.txt").write_text(
        "".join(f"{name}: 10 10 40 40 1, 0 0 9 9 0\n".replace("/", "\\") for name in names)
    )
    with (folder / "labels_faces.txt").open("a") as labels:
        labels.write(f"{names[5]}: 10 10 40 40\n".replace("/", "\\"))
    none = dict.fromkeys(("LAP_EMBEDDER", "LAP_FACE_DETECTOR", "LAP_HEAD_DETECTOR", "LAP_UPSCALER"), "none")
    result = lap("adopt", str(folder), LAP_HOME=home, **none)
    assert result.returncode == 0, result.stderr
    assert "labels_faces.txt: 6 images, 6 boxes, 5 reviewed" in result.stderr
    assert refined_images(home) == dict.fromkeys(names[:5], "yes")
    (mark,) = [json.loads(line) for path in (home / "review" / "verdicts").glob("*.jsonl")
               for line in path.read_text().splitlines()]  # fmt: skip
    assert (mark["name"], mark["tool"]) == (Path(names[2]).name, "labeler")
    ran = lap("run", "--no-sites", "--jobs", "1", LAP_HOME=home, **none)
    assert ran.returncode == 0, ran.stderr
    release = home / "release" / "v0001"
    lines = (release / "labels_faces_baseline.txt").read_text().splitlines()
    assert lines
    assert {line.split(": ")[1] for line in lines} == {"0 0 9 9 0.0, 10 10 40 40 1.0"}
    manifest = pl.read_csv(release / "manifest.csv", infer_schema=False)
    assert Path(names[2]).name not in set(manifest["name"])
    tiers = dict(manifest.select("name", "faces_tier").iter_rows())
    assert {tiers.get(Path(name).name, "refined") for name in names[:5]} == {"refined"}
    coco = json.loads((release / "coco" / "faces.json").read_text())
    assert "young woman" in {one["name"] for one in coco["categories"]}
    assert {one["category_id"] for one in coco["annotations"] if "score" not in one} == {3}


def test_the_first_lines_may_be_said_to_be_reviewed(folder: Path, lap: Lap, tmp_path: Path) -> None:
    result = lap("adopt", str(folder), "--reviewed", "2", LAP_HOME=tmp_path / "home")
    assert result.returncode == 0, result.stderr
    assert refined_images(tmp_path / "home") == dict.fromkeys(image_names(folder)[:2], "yes")
    result = lap("adopt", str(folder), "--reviewed", "99", LAP_HOME=tmp_path / "other")
    assert result.returncode == 1
    assert "labels_faces.txt: it has 5 lines, fewer than the 99 of --reviewed" in result.stderr
