"""deploy/ matches the code: queues, classes, variables; and it contains no secrets."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from lap_assets.queues import RUNS, step_queues
from lap_assets.settings import Settings

DEPLOY = Path(__file__).parents[1] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
WORKERS = yaml.safe_load((DEPLOY / "workers.yaml").read_text())
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text())
INSTANCE = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())


def queue_of(arguments: list[str] | None) -> str | None:
    return arguments[2] if arguments and arguments[:2] == ["worker", "--queue"] else None


def test_every_queue_has_its_workers() -> None:
    services = COMPOSE["services"]
    assert {queue_of(service.get("command")) for service in services.values()} - {None} == {RUNS, *step_queues()}
    deployed = {queue_of(one["spec"]["template"]["spec"]["containers"][0]["args"]) for one in WORKERS["items"]}
    assert deployed == {RUNS, "mal", "wa", "cpu"}
    for one in WORKERS["items"]:
        assert one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]


def test_no_more_runs_go_on_than_there_are_workers_for() -> None:
    runs = INSTANCE["concurrency"]["runs"]["max_concurrent_runs"]
    assert COMPOSE["services"]["runs"]["deploy"]["replicas"] == runs
    assert WORKERS["items"][0]["spec"]["replicas"] == runs
    coordinator = VALUES["dagsterDaemon"]["runCoordinator"]["config"]["queuedRunCoordinator"]
    assert coordinator["maxConcurrentRuns"] == runs
    assert INSTANCE["concurrency"]["pools"]["default_limit"] == 1


def test_variables_are_settings_and_explained() -> None:
    known = {f"LAP_{name.upper()}" for name in Settings.model_fields} | {"LAP_POSTGRES_URL"}
    explained = (DEPLOY / "README.md").read_text()
    for service in COMPOSE["services"].values():
        if service.get("image") == "lap":
            assert set(service["environment"]) <= known
    for name in set(re.findall(r"LAP_[A-Z_]+", (DEPLOY / "compose.yaml").read_text())):
        assert name in explained, name


@pytest.mark.parametrize("name", ["compose.yaml", "values.yaml", "workers.yaml", "dagster.yaml"])
def test_secrets_come_from_the_environment(name: str) -> None:
    def walk(value: Any, key: str = "") -> None:
        if isinstance(value, dict):
            for inner, below in value.items():
                walk(below, str(inner))
        elif isinstance(value, list):
            for below in value:
                walk(below, key)
        elif isinstance(value, str):
            assert not re.search(r"://[^$/\s]*:[^$@\s]+@", value), f"an address with a password: {value}"
            if "PASSWORD" in key.upper():
                assert value.startswith("${"), key

    walk(yaml.safe_load((DEPLOY / name).read_text()))


@pytest.mark.skipif(find_spec("dagster_celery") is None, reason="the extra `cluster` is not installed")
def test_the_launcher_that_is_named_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import import_module

    monkeypatch.setenv("LAP_BROKER_URL", "redis://127.0.0.1:9/0")
    named = (INSTANCE["run_launcher"], VALUES["runLauncher"]["config"]["customRunLauncher"])
    for launcher in named:
        assert getattr(import_module(launcher["module"]), launcher["class"])()


def test_docker_compose_accepts_the_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("no docker compose here")
    secrets = dict.fromkeys(("LAP_POSTGRES_PASSWORD", "LAP_REDIS_PASSWORD", "LAP_CONTACT"), "x")
    result = subprocess.run(
        [docker, "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"], env={**os.environ, **secrets},
        capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
