"""The pages' commands and snippets run, on a copy of a finished demo's home."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.pages import ROOT, FencedBlock, all_blocks, lines
from tests.support import HAS_MODELS, called, environment

pytestmark = [
    pytest.mark.xdist_group("docs"),
    pytest.mark.skipif(not HAS_MODELS, reason="this checkout lacks the small models"),
]
DEMO_HOME = "lap_demo"
CHEAP = (
    "convert",
    "evaluate",
    "status",
    "why",
    "verdicts",
    "diff",
    "weights list",
    "weights verify",
    "labels status",
    "settings",
)
SLOW = ("refresh", "rules preview", "adopt", "verify")
ELSEWHERE = (
    "ui", "review", "label", "replica", "demo", "run", "worker", "weights fetch", "train", "repartition",
    "detect", "labels suggest", "labels audit",
)  # fmt: skip
"""Commands that open windows, serve, ask sites, or take long: other tests run them, and here they are parsed only."""


def is_on_the_demo(block: FencedBlock) -> bool:
    homes = re.findall(r"LAP_HOME=(\S+)", block.text)
    return all(home == DEMO_HOME for home in homes) and "LAP_SITES_URL" not in block.text


BLOCKS = [block for block in all_blocks("console") if is_on_the_demo(block)]
SNIPPETS = all_blocks("python")


@pytest.fixture(scope="module")
def world(finished_demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the pages assume it: the demo's home in `lap_demo`, and the files that examples name."""
    folder = tmp_path_factory.mktemp("docs")
    home = Path(shutil.copytree(finished_demo[0], folder / DEMO_HOME, symlinks=True))
    truth = json.loads((home / "release" / "v0001" / "coco" / "faces.json").read_text())
    for image in truth["images"]:
        image["reviewed"] = True
    (folder / "truth.json").write_text(json.dumps(truth))
    boxes = [{key: box[key] for key in ("image_id", "category_id", "bbox", "score")} for box in truth["annotations"]]
    for name in ("detections.json", "found.json"):  # the second is what `lap detect` writes
        (folder / name).write_text(json.dumps(boxes))
    (folder / "anna.jsonl").write_text("")
    (folder / "FILE").write_text("")
    (folder / "DIR" / "0").mkdir(parents=True)
    Image.radial_gradient("L").resize((400, 600)).save(folder / "DIR" / "0" / "MAL000999_0001_000001.jpg")
    suggested = (home / "release" / "v0001" / "labels_faces_baseline.txt").read_text().splitlines()
    mine = [re.sub(r" [0-9.]+(?=,|$)", " 1", line) for line in suggested if not line.endswith("-")][:5]
    (home / "review" / "labels_faces.txt").write_text("\n".join(mine) + "\n")
    return folder


def meant(words: list[str], world: Path) -> list[str]:
    """The words with real names in place of the placeholders."""
    poster = next((world / DEMO_HOME / "posters").glob("*/*.jpg")).name
    there = {"NAME": poster, "OLD": f"{DEMO_HOME}/release/v0001", "NEW": f"{DEMO_HOME}/release/v0001"}
    return [there.get(word, word) for word in words]


def starts(words: list[str], names: tuple[str, ...]) -> bool:
    return any(words[: len(name.split())] == name.split() for name in names)


def run_lines(block: FencedBlock, names: tuple[str, ...], world: Path) -> None:
    """Runs the lines of a block whose command is one of `names`."""
    variables = {"LAP_HOME": DEMO_HOME}
    for words in lines(block):
        if words[0] == "export":
            variables |= dict(word.split("=", 1) for word in words[1:])
        elif words[0] == "tar":
            subprocess.run(words, cwd=world, check=True, timeout=120)
        elif words[0] == "lap" and starts(words[1:], names):
            done = called(*meant(words[1:], world), folder=world, **variables)
            assert done.returncode == 0, (words, done.stdout, done.stderr)


def blocks_with(names: tuple[str, ...]) -> list[FencedBlock]:
    """The blocks that have such commands, each command once: those that only repeat commands of others are left out."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for block in BLOCKS:
        own = {tuple(words) for words in lines(block) if words[0] == "lap" and starts(words[1:], names)}
        if own - seen:
            found.append(block)
        seen |= own
    return found


@pytest.mark.parametrize("block", blocks_with(CHEAP), ids=str)
def test_commands_run(block: FencedBlock, world: Path) -> None:
    run_lines(block, CHEAP, world)


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks_with(SLOW), ids=str)
def test_commands_that_take_long_run(block: FencedBlock, world: Path) -> None:
    run_lines(block, SLOW, world)


@pytest.mark.slow
@pytest.mark.parametrize("block", [one for one in SNIPPETS if "no-run" not in one.marks], ids=str)
def test_snippets_run(block: FencedBlock, world: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block.text], cwd=world, env={**environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", SNIPPETS, ids=str)
def test_snippets_are_python(block: FencedBlock) -> None:
    compile(block.text, str(block), "exec")


def test_every_command_is_sorted_into_one_kind() -> None:
    for block in all_blocks("console"):
        for words in lines(block):
            if words[0] == "lap":
                assert starts(words[1:], (*CHEAP, *SLOW, *ELSEWHERE)), words
