"""The whole graph: it loads, equals the snapshot, and loading imports no heavy packages."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from lap_assets.definitions import build_definitions
from lap_assets.engine.staleness import code_change
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

SNAPSHOT = Path(__file__).parent / "definitions.snapshot.txt"
HEAVY = ("torch", "torchvision", "timm", "faiss", "cv2", "spandrel", "numba")


@pytest.fixture
def definitions(tmp_path: Path) -> dg.Definitions:
    return build_definitions(RunContext(Settings(home=tmp_path)))


def described(definitions: dg.Definitions) -> str:
    graph = definitions.get_repository_def().asset_graph
    lines = []
    for key in sorted(graph.materializable_asset_keys):
        node = graph.get(key)
        cut = "by subfolder" if node.is_partitioned else "whole"
        pool = f", pool {', '.join(sorted(node.pools))}" if node.pools else ""
        lines.append(f"{key.to_user_string()} ({node.group_name}, {cut}{pool})")
        lines += [f"  from {parent.to_user_string()}" for parent in sorted(node.parent_keys)]
        checks = sorted(graph.get_check_keys_for_assets({key}), key=lambda check: check.name)
        lines += [f"  check {check.name}{' (blocks)' if graph.get(check).blocking else ''}" for check in checks]
    return "\n".join(lines) + "\n"


def test_the_specs_are_those_of_the_snapshot(definitions: dg.Definitions) -> None:
    """After an intended change: LAP_SNAPSHOT=write python -m pytest tests/test_definitions.py"""
    if os.environ.get("LAP_SNAPSHOT") == "write":
        SNAPSHOT.write_text(described(definitions))
    assert described(definitions) == SNAPSHOT.read_text()


def test_everything_loads_and_is_described(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)
    graph = definitions.get_repository_def().asset_graph
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.description, key
        assert node.code_version, key
        assert node.group_name != "default", key
        assert node.owners, key
        assert "dagster/code_references" in node.metadata, key


def test_loading_pulls_in_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, lap_assets.definitions; lap_assets.definitions.defs(); print(' '.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "LAP_HOME": str(tmp_path)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert not set(HEAVY) & set(result.stdout.split())


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("rules", '{"same_ahash": {"ahash": [0, 3]}}',
         {"hash_pairs", "embedding_pairs", "resolution", "pending_pairs", "dedup_decisions", "review_candidates"}),
        ("embedder", "lap-tiny", {"vit_embeddings"}),
        ("face_detector", "lap-tiny", {"baseline_face_boxes"}),
        ("head_detector", "lap-tiny", {"baseline_head_boxes"}),
        ("upscaler", "lanczos", {"resized_images"}),
        ("splits", "70/20/10", {"lap_dataset"}),
        ("least_score", 0.25, {"lap_dataset"}),
        ("annotations_licence", "CC BY 4.0", {"lap_dataset"}),
        ("device", "cpu", set()),
    ],
)  # fmt: skip
def test_a_changed_setting_changes_the_code_version_of_exactly_what_depends_on_it(
    tmp_path: Path, setting: str, value: str | float, expected: set[str]
) -> None:
    usual = Settings(home=tmp_path, embedder="none", face_detector="none", head_detector="none", upscaler="none")
    changed = set()
    before = build_definitions(RunContext(usual)).get_repository_def().asset_graph
    after = build_definitions(RunContext(usual.model_copy(update={setting: value}))).get_repository_def().asset_graph
    for key in before.materializable_asset_keys:
        if before.get(key).code_version != after.get(key).code_version:
            changed.add(key.to_user_string())
    assert changed == expected


def test_other_classes_are_named_as_what_changed(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, embedder="none", face_detector="none", head_detector="none", upscaler="none")

    def version(used: Settings) -> str:
        graph = build_definitions(RunContext(used)).get_repository_def().asset_graph
        return str(graph.get(dg.AssetKey("lap_dataset")).code_version)

    before, other = version(settings), version(settings.model_copy(update={"splits": "70/20/10"}))
    (tmp_path / "review").mkdir()
    (tmp_path / "review" / "classes.txt").write_text("1:boy\n")
    assert code_change(before, version(settings)) == "was made with other classes (review/classes.txt changed)"
    assert code_change(before, other) == "has a new code version"
    assert code_change("2-0123", before) == "has a new code version"
