"""Which queue each asset's step goes to, and that a cluster is chosen by one setting."""

from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import pytest

from lap_assets.core.errors import SettingsError
from lap_assets.definitions import build_definitions
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.startup import load_settings
from tests.support import Lap

SITES = {"mal_catalog": "mal", "mal_posters": "mal", "wa_catalog": "wa", "wa_posters": "wa"}
MODELS = (
    "vit_embeddings", "baseline_face_boxes", "baseline_head_boxes", "trained_face_detector", "trained_head_detector",
    "suggested_face_boxes", "suggested_head_boxes",
)  # fmt: skip
HAS_CLUSTER = find_spec("dagster_celery") is not None


def queues(settings: Settings) -> dict[str, str]:
    graph = build_definitions(RunContext(settings)).get_repository_def().assets_defs_by_key
    return {
        key.to_user_string(): made.op.tags["dagster-celery/queue"]
        for key, made in graph.items()
        if made.is_executable and key in made.keys
    }


@pytest.mark.parametrize(("device", "upscaler", "models", "images"), [
    (None, "realesrgan-anime-6b", "cpu", "cpu"),
    ("cuda:1", "realesrgan-anime-6b", "gpu", "gpu"),
    ("cuda", "lanczos", "gpu", "cpu"),
])  # fmt: skip
def test_assets_carry_their_queue(tmp_path: Path, device: str | None, upscaler: str, models: str, images: str) -> None:
    expected = {**SITES, **dict.fromkeys(MODELS, models), "resized_images": images}
    for asset, queue in queues(Settings(home=tmp_path, device=device, upscaler=upscaler)).items():
        assert queue == expected.get(asset, "cpu"), asset


def test_one_machine_is_the_default(tmp_path: Path) -> None:
    assert build_definitions(RunContext(Settings(home=tmp_path))).executor is dg.in_process_executor


@pytest.mark.skipif(not HAS_CLUSTER, reason="the extra `cluster` is not installed")
def test_a_broker_makes_a_cluster(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, broker_url="redis://:secret@127.0.0.1:9/0")
    executor = build_definitions(RunContext(settings)).executor
    assert isinstance(executor, dg.ExecutorDefinition)
    assert executor.name == "cluster"
    assert "secret" not in repr(settings)


def test_a_broker_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAP_BROKER_URL", "amqp://guest@host//")
    with pytest.raises(SettingsError, match=r"LAP_BROKER_URL.*redis://"):
        load_settings()


@pytest.mark.parametrize(("arguments", "said"), [
    (["--queue", "gpus"], "expected one of runs, mal, wa, cpu, gpu"),
    (["--queue", "runs", "--queue", "cpu"], "cannot share a worker with other queues"),
])  # fmt: skip
def test_a_worker_refuses_queues_that_make_no_sense(lap: Lap, arguments: list[str], said: str) -> None:
    result = lap("worker", *arguments, LAP_BROKER_URL="redis://127.0.0.1:9/0")
    assert result.returncode == 2
    assert said in result.stderr


def test_a_worker_needs_a_broker_and_a_dagster_home(lap: Lap, tmp_path: Path) -> None:
    assert "no dagster.yaml" in lap("worker", "--queue", "cpu", LAP_BROKER_URL="redis://127.0.0.1:9/0").stderr
    (tmp_path / "dagster.yaml").touch()
    assert "LAP_BROKER_URL is not set" in lap("worker", "--queue", "cpu", DAGSTER_HOME=tmp_path).stderr
