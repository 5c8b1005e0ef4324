"""The table of rules, its overrides, and its digest."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import RulesError
from lap_assets.duplicates.rules import DEFAULT_RULES, MEASURES, rules_from


def test_the_default_table_is_the_seeds() -> None:
    finished = [
        (rule.scope, rule.action, [(one.measure, one.low, one.high) for one in rule.ranges])
        for rule in DEFAULT_RULES.rules
    ]
    assert finished == [
        ("same", "remove", [("ahash", 0, 2)]),
        ("same", "person", [("ahash", 3, 14)]),
        ("same", "person", [("phash", 0, 4), ("dhash", 0, 16)]),
        ("same", "marks", []),
        ("other", "remove", [("ahash", 0, 1)]),
        ("other", "person", [("ahash", 2, 8), ("phash", 0, 2), ("dhash", 0, 8)]),
        ("any", "person", [("cosine", 0, 0.32)]),
    ]
    assert DEFAULT_RULES["cosine_review"].likely == 0.2


def test_widest_ranges() -> None:
    measures = MEASURES
    assert [DEFAULT_RULES.widest("same", measure) for measure in measures] == [14, 4, 16, 0.32]
    assert [DEFAULT_RULES.widest("other", measure) for measure in measures] == [8, 2, 8, 0.32]
    assert rules_from({"cosine_review": None}).widest("same", "cosine") is None


def test_overrides_only_change_what_they_name() -> None:
    text = '{"same_ahash": {"ahash": [0, 3]}, "other_hashes_review": {"phash": null}, "cosine_review": {"likely": 0.1}}'
    changed = rules_from(text)
    assert changed["same_ahash"].ranges[0].high == 3
    assert [one.measure for one in changed["other_hashes_review"].ranges] == ["ahash", "dhash"]
    assert changed["cosine_review"].likely == 0.1
    assert changed["cosine_review"].ranges == DEFAULT_RULES["cosine_review"].ranges
    assert changed == rules_from(json.loads(text))
    assert rules_from(None) == rules_from("") == rules_from({}) == DEFAULT_RULES
    assert "same_ahash" not in [rule.name for rule in rules_from({"same_ahash": None}).rules]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("{", "rules: not JSON"),
        ("[]", "rules: expected a mapping"),
        ({"same_ahsh": {}}, "rules.same_ahsh: no such rule; expected one of same_ahash,"),
        ({"same_ahash": 3}, "rules.same_ahash: expected ranges"),
        ({"same_ahash": {"ahash": [0]}}, r"rules.same_ahash.ahash: expected \[low, high\]"),
        ({"same_ahash": {"ahash": [3, 2]}}, r"rules.same_ahash.ahash: ahash \[3, 2\]: expected a range"),
        ({"same_ahash": {"ahash": [0, 65]}}, r"rules.same_ahash.ahash: .* within \[0, 64\]"),
        ({"same_ahash": {"ahash": [0, 2.5]}}, "rules.same_ahash.ahash: .* whole numbers"),
        ({"same_ahash": {"ahash": [-1, 2]}}, "rules.same_ahash.ahash: "),
        ({"same_ahash": {"ahash": ["a", 2]}}, "rules.same_ahash.ahash: "),
        ({"same_ahash": {"ahash": [0, float("nan")]}}, "rules.same_ahash.ahash: "),
        ({"same_ahash": {"ahash": None}}, "rules.same_ahash: no range is left"),
        ({"same_ahash": {"size": [0, 1]}}, "rules.same_ahash.size: no such field"),
        ({"marks": {"ahash": [0, 1]}}, "rules.marks.ahash: no such field"),
        ({"cosine_review": {"likely": "often"}}, "rules.cosine_review.likely: expected a distance"),
    ],
)
def test_errors_name_the_field(settings: Any, says: str) -> None:
    with pytest.raises(RulesError, match=says) as refused:
        rules_from(settings)
    assert "\n" not in str(refused.value)


def test_the_digest_follows_the_content_on_any_run() -> None:
    program = "from lap_assets.duplicates.rules import DEFAULT_RULES; print(DEFAULT_RULES.digest())"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert result.stdout.strip() == DEFAULT_RULES.digest()
    assert rules_from({"same_ahash": {"ahash": [0, 2]}}).digest() == DEFAULT_RULES.digest()
    others = [rules_from({"same_ahash": {"ahash": [0, 1]}}), rules_from({"marks": None})]
    assert len({DEFAULT_RULES.digest(), *(rules.digest() for rules in others)}) == 3


def test_titles_describe_the_rules() -> None:
    assert DEFAULT_RULES["same_ahash"].title == "same anime, aHash 0–2: the smaller is removed"
    assert DEFAULT_RULES["marks"].title == "same anime: a person marked"
    with pytest.raises(KeyError):
        DEFAULT_RULES["nothing"]
