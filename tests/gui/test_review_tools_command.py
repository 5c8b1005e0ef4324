"""`lap review` as people run it: on a home, on their own list, and its messages when it cannot."""

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.commands.review import candidate_lists, removed_by_rules
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.log import read_verdicts
from lap_assets.duplicates.resolution import DECISIONS
from tests.gui.bare import until
from tests.gui.hands import Hands
from tests.gui.words import NAMES, candidate_csv
from tests.support import Lap, command, environment

A, B, C = NAMES[:3]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make three posters of an anime, one removed by a rule, and a list with the pair of the others."""
    new_home = Home(tmp_path / "home")
    folder = new_home.posters / "0"
    folder.mkdir(parents=True)
    for number, name in enumerate((A, B, C)):
        Image.new("RGB", (200 + number, 300), (50 * number, 90, 60)).save(folder / name, "JPEG")
    new_home.candidates.mkdir(parents=True)
    candidate_csv(new_home.candidates / "0.csv", [(A, B, sha256_of(folder / A), sha256_of(folder / B))])
    decided = ((A, "keep"), (C, "remove"))
    rows = [
        (name, "", decision, "same_ahash", "rule", *[None] * 5, PosterName.parse(name).mal_id, "0")
        for name, decision in decided
    ]
    (new_home.tables / "dedup_decisions").mkdir(parents=True)
    pl.DataFrame(rows, DECISIONS, orient="row").write_parquet(new_home.tables / "dedup_decisions" / "0.parquet")
    return new_home


def opened(home: Home, *arguments: str) -> "subprocess.Popen[str]":
    command_line = command("review", *arguments, "--reviewer", "ann")
    return subprocess.Popen(command_line, env=environment(LAP_HOME=home.root), stderr=subprocess.PIPE, text=True)


def press_until_said(hands: Hands, key: str, log: Path, tool: "subprocess.Popen[str]") -> None:
    before = len(read_verdicts([log]).lines)
    until(lambda: len(read_verdicts([log]).lines) > before, lambda: hands.press(key), tool)


def test_both_tools_write_into_the_homes_logs(home: Home, hands: Hands) -> None:
    log = home.verdicts / "0.jsonl"
    for arguments, key in ((("pairs", "--partition", "0", "--close-at-end"), "r"), (("groups",), "2")):
        tool = opened(home, *arguments)
        try:
            press_until_said(hands, key, log, tool)
            if "--close-at-end" not in arguments:
                hands.press("Shift+e")
            assert tool.wait(600) == 0
        finally:
            tool.kill()
            tool.wait()
    pair, mark = read_verdicts([log]).active
    assert (pair.names, pair.reviewer) == ((A, B), "ann")
    assert mark.names == (A,)  # B is larger, and C, the largest, was removed by a rule


def test_what_the_home_offers(home: Home) -> None:
    assert candidate_lists(home, None) == candidate_lists(home, "0") == [home.candidates / "0.csv"]
    assert removed_by_rules(home) == {C}
    assert removed_by_rules(Home(home.root / "none")) == frozenset()
    with pytest.raises(ValueError, match="no list of candidates of subfolder 3"):
        candidate_lists(home, "3")


def test_status_and_audit_answer_scripts_without_a_window(home: Home, lap: Lap) -> None:
    found = lap("review", "status", "--json", LAP_HOME=home.root, DISPLAY=":987")
    assert found.returncode == 0, found.stderr
    status = json.loads(found.stdout)
    assert (status["found"], status["unjudged"], status["audit"]) == (0, 1, None)
    drawn = lap("review", "audit", "--json", LAP_HOME=home.root, DISPLAY=":987")
    assert drawn.returncode == 0, drawn.stderr
    audit = json.loads(drawn.stdout)
    assert [(pair["first"], pair["second"]) for pair in audit["pairs"]] == [(A, B)]
    assert audit["result"] == {"answered": 0, "duplicates": 0, "disputed": 0, "missed_at_most": None}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pairs", "--partition", "12"), "no partition"),
        (("pairs", "none.csv"), "there is no such list of pairs"),
        (("pairs", "none.csv", "--partition", "0"), "there is no such list of pairs"),
        (("pairs", "--images", "nowhere"), "there is no such folder of pictures"),
        (("pairs", "--verdicts", "nowhere/v.jsonl"), "there is no folder"),
        (("pairs", "--sure", "7"), "--sure 7: expected a probability from 0.5 to 1"),
        (("status", "--partition", "12"), "no partition"),
        (("audit", "--below", "7"), "--below 7: expected a probability above 0, up to 1"),
        (("groups", "--start", "7"), "--start 7"),
        (("groups", "nowhere"), "there is no such folder"),
        (("pairs",), "no window can be opened"),
    ],
)
def test_errors_are_one_line(home: Home, lap: Lap, arguments: tuple[str, ...], message: str) -> None:
    ended = lap("review", *arguments, LAP_HOME=home.root, DISPLAY=":987")
    assert ended.returncode == 2
    assert message in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert list(home.root.rglob("*.jsonl")) == []
