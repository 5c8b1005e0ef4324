"""Steps that share a run: which may, and the resulting run."""

import dagster as dg
import pytest

from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import Graph, Step
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

BOXES = ("baseline_face_boxes", "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return Graph(build_definitions(RunContext(Settings(home=tmp_path_factory.mktemp("home")))))


def step(graph: Graph, asset: str, key: str | None) -> Step:
    (found,) = graph.steps([asset], [key] if key is not None else [])
    return found


def test_all_boxes_of_a_partition_are_one_run_in_the_pool_of_models(graph: Graph) -> None:
    refined, *others = (step(graph, asset, "3") for asset in reversed(BOXES))
    whole = refined
    for other in others:
        assert whole.may_join(other)
        whole = whole.joined(other)
    assert set(whole.assets) == set(BOXES)
    assert (whole.partition, whole.pool, whole.needs) == ("3", "model", frozenset({("resized_images", "3")}))


def test_steps_with_the_same_inputs_at_the_same_time_share_a_run(graph: Graph) -> None:
    assert step(graph, "lap_dataset", None).may_join(step(graph, "detector_report", None))
    assert step(graph, "dedup_decisions", "3").may_join(step(graph, "review_candidates", "3"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("baseline_face_boxes", "3"), ("baseline_head_boxes", "4")),
        (("image_hashes", "3"), ("vit_embeddings", "3")),
        (("dedup_decisions", "3"), ("baseline_face_boxes", "3")),
        (("lap_dataset", None), ("resolution", None)),
    ],
)
def test_other_steps_are_runs_of_their_own(
    graph: Graph, one: tuple[str, str | None], other: tuple[str, str | None]
) -> None:
    assert not step(graph, *one).may_join(step(graph, *other))


def test_steps_of_two_pools_are_never_one_run() -> None:
    assert not Step(("a",), "1", "mal", frozenset(), "x").may_join(Step(("b",), "1", "wa", frozenset(), "x"))
    assert Step(("a",), "1", None, frozenset(), "x").may_join(Step(("b",), "1", "wa", frozenset(), "x"))


def test_a_person_asks_for_each_of_the_slices_and_boxes_alone(graph: Graph) -> None:
    assert all(dg.AssetKey(asset) in graph.asset_graph.materializable_asset_keys for asset in BOXES)
    assert [one.assets for one in graph.steps(["dedup_decisions"], ["3"])] == [("dedup_decisions",)]
