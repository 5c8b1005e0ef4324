"""Candidate lists, explanations and previews, from one small example."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.verdicts.log import PairVerdict
from lap_assets.duplicates.candidates import CANDIDATES, candidate_list, read_candidates, write_candidates
from lap_assets.duplicates.explain import explain
from lap_assets.duplicates.poster_sizes import poster_sizes
from lap_assets.duplicates.preview import contact_sheet, preview_rules, sample_pairs
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import DEFAULT_RULES, rules_from
from lap_assets.duplicates.tables import POSTER_FACTS, readable_posters
from lap_assets.duplicates.verdict_table import NO_VERDICTS

A, B, C, D = (f"MAL00001_0001_00000{n}.jpg" for n in (1, 2, 3, 4))
HIGH, OTHER = "MAL01000_0001_000001.jpg", "MAL00002_0001_000001.jpg"


class Story:
    """A is a smaller copy of B; C is somewhat like B; HIGH is in subfolder 1; bo skipped B and OTHER."""

    def __init__(self, posters: Any, pairs: Any, logged: Any, sha: Callable[[str], str]) -> None:
        self.posters = posters({A: 100, B: 200, C: 200, D: 90, HIGH: 150, OTHER: 100})
        near = [(A, B, 1), (B, C, 9), (B, D, 20, 4), (B, HIGH, 3, 9, 9, 0.15), (B, OTHER, 2), (C, D, 3)]
        self.pairs = pairs(near)
        common: dict[str, Any] = {"first": B, "first_sha256": sha(B), "second": OTHER, "second_sha256": sha(OTHER)}
        self.verdicts = logged(PairVerdict(reviewer="bo", verdict="skip", **common))

    @property
    def resolution(self) -> Resolution:
        return resolve(self.posters, self.pairs, self.verdicts, DEFAULT_RULES)

    def candidates(self, partition: str) -> pl.DataFrame:
        resolution = self.resolution
        return candidate_list(partition, resolution.pending, self.posters, resolution.decisions)


@pytest.fixture
def story(posters: Any, pairs: Any, logged: Any, sha: Callable[[str], str]) -> Story:
    return Story(posters, pairs, logged, sha)


def test_the_best_candidates_come_first(story: Story) -> None:
    listed = story.candidates("0")
    assert listed.schema == CANDIDATES
    shown = listed.select("first", "second", "rule", "suggestion", "state").rows()
    assert shown == [
        (C, D, "same_ahash_review", D, None),
        (B, C, "same_ahash_review", C, None),
        (B, D, "same_phash_dhash_review", D, None),
        (B, OTHER, "other_hashes_review", OTHER, "skip"),
    ]
    assert listed["reason"].to_list() == [
        "fewer pixels (200x100 and 90x100)",
        "the same size; its name comes later",
        "fewer pixels (200x100 and 90x100)",
        "fewer pixels (200x100 and 100x100)",
    ]
    # The distances are computed from the posters' hashes, which are all equal here.
    assert listed.select("ahash", "phash", "dhash").unique().rows() == [(0, 0, 0)]


def test_a_pair_belongs_to_its_higher_subfolder(story: Story) -> None:
    listed = story.candidates("1")
    assert listed.select("first", "second", "likely", "first_width", "second_width").rows() == [
        (B, HIGH, True, 200, 150)
    ]
    assert listed["cosine"].to_list() == pytest.approx([0.15])
    assert story.candidates("9").is_empty()
    with pytest.raises(ValueError, match="no partition '10'"):
        story.candidates("10")


def test_a_pair_found_only_by_vectors_is_listed_and_explained(posters: Any, pairs: Any) -> None:
    held = posters({A: 100, B: 200, C: 300, OTHER: 150})
    near = [(A, B, None, None, None, 0.19), (A, OTHER, None, None, None, 0.32), (B, C, 5, 9, 9, 0.33),
            (B, OTHER, None, None, None, 0.321)]  # fmt: skip
    resolution = resolve(held, pairs(near), NO_VERDICTS, DEFAULT_RULES)
    listed = candidate_list("0", resolution.pending, held, resolution.decisions)
    shown = listed.select("first", "second", "rule", "measure", "likely", "suggestion").rows()
    assert shown == [
        (A, B, "cosine_review", "cosine", True, A),
        (B, C, "same_ahash_review", "ahash", False, B),
        (A, OTHER, "cosine_review", "cosine", False, A),
    ]
    assert listed["ahash"].null_count() == 0  # pairs by vector have hash distances too
    assert f"near {OTHER}: cosine 0.32" in explain(A, resolution.decisions, pairs(near), NO_VERDICTS)


def test_a_larger_copy_names_the_poster_that_links_it(
    posters: Any, pairs: Any, logged: Any, sha: Callable[[str], str]
) -> None:
    table = posters({A: 300, B: 200, C: 400})
    common: dict[str, Any] = {"first": A, "first_sha256": sha(A), "second": B, "second_sha256": sha(B)}
    words = logged(PairVerdict(reviewer="ann", verdict="duplicate", removed=A, **common))
    resolution = resolve(table, pairs([(A, C, 1)]), words, DEFAULT_RULES)
    (row,) = candidate_list("0", resolution.pending, table, resolution.decisions).iter_rows(named=True)
    assert (row["first"], row["second"], row["suggestion"], row["via"]) == (B, C, B, A)
    assert row["reason"].endswith(f"larger copy of {A}, which ann removed for the other")


def test_lists_round_trip_through_files(story: Story, tmp_path: Path) -> None:
    listed = story.candidates("0")
    write_candidates(listed, tmp_path / "candidates", "0")
    assert sorted(path.name for path in (tmp_path / "candidates").iterdir()) == ["0.csv", "0.parquet"]
    assert read_candidates(tmp_path / "candidates" / "0.csv").equals(listed)
    assert pl.read_parquet(tmp_path / "candidates" / "0.parquet").equals(listed)
    write_candidates(listed.clear(), tmp_path, "1")
    assert read_candidates(tmp_path / "1.csv").schema == CANDIDATES


def test_files_that_are_not_lists_are_refused_by_name(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "0.csv"
    with pytest.raises(ValueError, match="no such list"):
        read_candidates(path)
    for text in ("", "first,second\na,b\n"):
        path.write_text(text)
        with pytest.raises(ValueError, match=r"0\.csv: "):
            read_candidates(path)
    write_candidates(story.candidates("0"), tmp_path, "0")
    path.write_text(path.read_text().replace(",90,", ",ninety,"))
    with pytest.raises(ValueError, match=r"0\.csv: .*ninety"):
        read_candidates(path)


def test_explanations_follow_the_chain_to_the_survivor(story: Story) -> None:
    decisions = story.resolution.decisions
    removed = explain(A, decisions, story.pairs, story.verdicts)
    assert removed[:2] == [f"{A} was removed by rule same_ahash in favor of {B} (aHash distance 1)", f"{B} is kept"]
    kept = explain(B, decisions, story.pairs, story.verdicts)
    assert kept[0] == f"{B} is kept"
    assert f"it stays in place of 1 removed: {A}" in kept
    assert f"near {HIGH}: aHash 3, pHash 9, dHash 9, cosine 0.15" in kept
    assert [line for line in kept if line.startswith(f"bo on it and {OTHER}: skip")]
    with pytest.raises(ValueError, match="no such poster"):
        explain("MAL00009_0001_000001.jpg", decisions, story.pairs, NO_VERDICTS)


def test_explanations_name_the_person(story: Story, logged: Any, sha: Callable[[str], str]) -> None:
    common: dict[str, Any] = {"first": C, "first_sha256": sha(C), "second": D, "second_sha256": sha(D)}
    words = logged(PairVerdict(reviewer="ann", verdict="both_removed", **common))
    decisions = resolve(story.posters, story.pairs, words, DEFAULT_RULES).decisions
    shown = explain(D, decisions, story.pairs, words)
    assert shown[0] == f"{D} was removed by ann with nothing in its place"
    assert [line for line in shown if line.startswith(f"ann on it and {C}: both removed")]


def test_previews_count_what_each_rule_would_affect(story: Story) -> None:
    table = preview_rules(story.posters, story.pairs, DEFAULT_RULES, story.verdicts)
    rows = {row["rule"]: row for row in table.iter_rows(named=True)}
    assert table["rule"].to_list() == [rule.name for rule in DEFAULT_RULES.rules]
    numbers = ("pairs", "pairs_first", "posters", "removed", "pending")
    assert [rows["same_ahash"][key] for key in numbers] == [1, 1, 2, 1, 0]
    assert [rows["same_ahash_review"][key] for key in numbers] == [2, 2, 3, 0, 2]
    assert [rows["other_hashes_review"][key] for key in numbers] == [2, 2, 3, 0, 2]
    assert [rows["cosine_review"][key] for key in numbers] == [1, 0, 2, 0, 0]


def test_samples_spread_over_a_rule(story: Story) -> None:
    sample = sample_pairs(story.posters, story.pairs, DEFAULT_RULES, "same_ahash_review", 9)
    assert sample.select("first", "second", "distance").rows() == [(C, D, 3), (B, C, 9)]
    assert sample_pairs(story.posters, story.pairs, DEFAULT_RULES, "same_ahash_review", 1).height == 1
    assert sample_pairs(story.posters, story.pairs, DEFAULT_RULES, "marks", 5).is_empty()
    with pytest.raises(ValueError, match="no rule 'x'"):
        sample_pairs(story.posters, story.pairs, DEFAULT_RULES, "x", 1)


def test_a_contact_sheet_shows_the_pairs(story: Story, tmp_path: Path) -> None:
    Image.new("RGB", (300, 420), (200, 0, 0)).save(tmp_path / C)
    Image.new("L", (30, 42), 90).save(tmp_path / D)
    sample = sample_pairs(story.posters, story.pairs, DEFAULT_RULES, "same_ahash_review", 2)
    png = contact_sheet(sample, lambda name: tmp_path / name, columns=1)
    sheet = Image.open(io.BytesIO(png))
    assert sheet.format == "PNG"
    width, height = sheet.size
    assert sheet.getpixel((width // 4, height // 4)) == (200, 0, 0)
    empty = Image.open(io.BytesIO(contact_sheet(sample.clear(), lambda name: tmp_path / name)))
    assert min(empty.size) > 0


def test_lists_and_explanations_say_why_a_copy_is_smaller(story: Story) -> None:
    """The better copy stays although it has fewer pixels; the seed's order is a setting."""
    facts = {"quality": 90, "blocking": 1.0, "filled": 1.0, "is_color": True, "damage": None}
    measured = pl.DataFrame([
        {"name": name, "detail": 2.0 if name == A else 1.0, **facts} for name in story.posters["name"]
    ], schema_overrides={name: POSTER_FACTS[name] for name in ("detail", *facts)})  # fmt: skip
    posters = story.posters.join(measured, on="name")
    resolution = resolve(posters, story.pairs, NO_VERDICTS, DEFAULT_RULES)
    kept = set(resolution.decisions.filter(pl.col("decision") == "keep")["name"])
    assert A in kept
    sizes = poster_sizes(readable_posters(posters))
    for name in resolution.decisions.filter(pl.col("survivor") == A)["name"]:
        lines = explain(name, resolution.decisions, story.pairs, NO_VERDICTS, sizes)
        assert lines[0].endswith(": less detail")
    listed = candidate_list("0", resolution.pending, posters, resolution.decisions)
    for row in listed.filter((pl.col("first") == A) | (pl.col("second") == A)).iter_rows(named=True):
        assert row["suggestion"] != A
        assert row["reason"].startswith("less detail")
    larger = rules_from({"keep": "larger"})
    assert resolve(posters, story.pairs, NO_VERDICTS, larger).decisions.equals(
        resolve(story.posters, story.pairs, NO_VERDICTS, DEFAULT_RULES).decisions
    )
