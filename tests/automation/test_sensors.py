"""The sensor on people's files, and the schedules: what they request, and what they do not."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus

from lap_assets.automation.schedules import schedules, whose_turn
from lap_assets.automation.sensors import keep_fresh, people_decided
from lap_assets.core.box import Box
from lap_assets.core.home import Home
from lap_assets.core.labels.lap_format import write
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.definitions import build_definitions
from lap_assets.engine.instance import open_instance
from lap_assets.labels.label_audit import SureImage, Sureness, draw_label_audit
from lap_assets.labels.label_audit_file import label_audits_path, write_label_audits
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.automation.scenes import AutomatedHome

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class SensorOverTime:
    """The sensor over time, with its cursor kept between evaluations."""

    def __init__(self, home: Path) -> None:
        self.home = Home(home)
        self._cursor: str | None = None
        self.instance = open_instance(self.home)

    def asked_for(self) -> list[tuple[str | None, str | None]]:
        run_context = RunContext(Settings(home=self.home.root))
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self._cursor,
            resources={"run_context": run_context},
            repository_def=build_definitions(run_context).get_repository_def(),
        )
        results: Any = people_decided(context)
        result = list(results)
        self._cursor = context.cursor
        asked = [(one.partition_key, one.run_key) for one in result if isinstance(one, dg.RunRequest)]
        assert bool(asked) != any(isinstance(one, dg.SkipReason) for one in result)
        return asked

    def write(self, key: str, text: str) -> None:
        path = self.home.verdicts / f"{key}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_saved_file_is_requested_once_and_only_if_its_content_changed(tmp_path: Path) -> None:
    watch = SensorOverTime(tmp_path)
    assert watch.asked_for() == []
    watch.write("3", "one\n")
    ((partition, first_key),) = watch.asked_for()
    assert partition == "3"
    assert watch.asked_for() == []
    os.utime(watch.home.verdicts / "3.jsonl", (1, 1))
    watch.write("3", "one\n")
    assert watch.asked_for() == []
    watch.write("3", "one\ntwo\n")
    watch.write("7", "one\n")
    asked = watch.asked_for()
    assert [key for key, _ in asked] == ["3", "7"]
    assert first_key not in [run_key for _, run_key in asked]


def test_two_sensors_request_one_run_for_one_verdict(tmp_path: Path) -> None:
    watch = SensorOverTime(tmp_path)
    watch.write("3", "one\n")
    states = {}
    for location in ("another", "lap"):
        repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(location), "__repository__")
        states[location] = InstigatorState(
            RemoteInstigatorOrigin(repository, keep_fresh.name), InstigatorType.SENSOR, InstigatorStatus.RUNNING
        )
    watch.instance.add_instigator_state(states["lap"])
    assert watch.asked_for() == []
    watch.instance.update_instigator_state(states["lap"].with_status(InstigatorStatus.STOPPED))
    assert [key for key, _ in watch.asked_for()] == ["3"], "what keep_fresh left is lost"
    assert watch.asked_for() == []


def test_decisions_that_a_run_is_taking_in_are_requested_only_if_it_misses_them(tmp_path: Path) -> None:
    watch = SensorOverTime(tmp_path)
    watch.write("3", "one\n")
    job = build_definitions(RunContext(Settings(home=tmp_path))).resolve_implicit_global_asset_job_def()
    run = watch.instance.create_run_for_job(
        job, asset_selection={dg.AssetKey("review_verdicts")}, tags={"dagster/partition": "3"}
    )
    assert watch.asked_for() == []
    watch.instance.report_run_canceled(run)
    assert [key for key, _ in watch.asked_for()] == ["3"]


def test_a_label_concerns_only_its_own_subfolder(tmp_path: Path) -> None:
    watch = SensorOverTime(tmp_path)
    for mal_id, key in ((5, "0"), (60000, "9")):
        name = str(PosterName.mal(mal_id, 1, 1))
        path = table_path(watch.home.tables, "resized_images", key)
        path.parent.mkdir(parents=True, exist_ok=True)
        row = {"name": name, "sha256": "0" * 64, "width": 100, "height": 100}
        pl.DataFrame([row]).write_parquet(path)
    labels = watch.home.labels / "labels_faces.txt"
    boxes = {"0/MAL00005_0001_000001.jpg": [Box(1, 2, 30, 40)], "9/MAL60000_0001_000001.jpg": [Box(1, 2, 30, 40)]}
    write(labels, boxes)
    assert [key for key, _ in watch.asked_for()] == ["0", "9"]
    assert watch.asked_for() == []
    write(labels, {**boxes, "9/MAL60000_0001_000001.jpg": [Box(1, 2, 30, 41)]})
    ((asked, run_key),) = watch.asked_for()
    assert (asked, str(run_key).split("/")[0]) == ("9", "refined_face_boxes")
    labels.unlink()
    assert [key for key, _ in watch.asked_for()] == ["0", "9"]


def test_accepting_and_withdrawing_concern_the_subfolders_of_the_images(tmp_path: Path) -> None:
    watch = SensorOverTime(tmp_path)
    images = []
    for mal_id, key in ((5, "0"), (6, "0"), (60000, "9")):
        row = {"name": str(PosterName.mal(mal_id, 1, 1)), "sha256": f"{mal_id:064x}", "width": 100, "height": 100}
        path = table_path(watch.home.tables, "resized_images", key)
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.concat([*([pl.read_parquet(path)] if path.exists() else []), pl.DataFrame([row])]).write_parquet(path)
        images.append(SureImage(f"{key}/{row['name']}", str(row["sha256"]), (Box(1, 2, 30, 40, score=0.95),)))
    audits = label_audits_path(watch.home.labels / "labels_heads.txt")
    drawn = replace(draw_label_audit(images, Sureness(), "tiny 1", 1), sample=(images[1].name,))
    write_label_audits(audits, [drawn])
    assert watch.asked_for() == []
    judged = drawn.judged({images[1].name: ()}, (), {image.name: image.sha256 for image in images})
    write_label_audits(audits, [replace(judged, accepted=judged.drawn)])
    asked = watch.asked_for()
    assert [(key, str(run_key).split("/")[0]) for key, run_key in asked] == [
        ("0", "refined_head_boxes"), ("9", "refined_head_boxes"),
    ]  # fmt: skip
    assert watch.asked_for() == []
    write_label_audits(audits, [judged])
    assert [key for key, _ in watch.asked_for()] == ["0", "9"]


@pytest.fixture
def scene(finished_demo: tuple[Path, str]) -> Iterator[AutomatedHome]:
    with open_instance(Home(finished_demo[0])) as instance:
        yield AutomatedHome.of(finished_demo[0], instance)


def tonight(scene: AutomatedHome, schedule: Any, at: datetime = NOON) -> list[tuple[str, str | None]]:
    context = dg.build_schedule_context(
        instance=scene.instance,
        scheduled_execution_time=at,
        repository_def=scene.definitions.get_repository_def(),
        resources={"run_context": RunContext(scene.settings)},
    )
    result = list(schedule(context))
    asked = [one for one in result if isinstance(one, dg.RunRequest)]
    assert bool(asked) != bool(skipped(result))
    return [((one.asset_selection or [])[0].to_user_string(), one.partition_key) for one in asked]


def skipped(told: list[Any]) -> list[str]:
    return [one.skip_message or "" for one in told if isinstance(one, dg.SkipReason)]


def test_nothing_is_asked_of_the_sites_before_it_is_due(scene: AutomatedHome) -> None:
    for schedule in schedules():
        assert tonight(scene, schedule) == []


def test_each_schedule_requests_its_own_due_assets(scene: AutomatedHome) -> None:
    every_time = {"sweep_days": 0, "revisit_days": 0, "revisit_days_newest": 0}
    due = AutomatedHome.of(
        scene.settings.home, scene.instance, contact="me@example.org", permission="a test", **every_time
    )
    newest = SUBFOLDERS[-1]
    rescrape_catalogs, rescrape_newest, rescrape_older = schedules()
    assert tonight(due, rescrape_catalogs) == [("mal_catalog", None), ("wa_catalog", None)]
    assert tonight(due, rescrape_newest) == [("mal_posters", newest), ("wa_posters", newest)]
    turn = whose_turn(NOON, due.settings)
    assert set(tonight(due, rescrape_older)) <= {("mal_posters", turn), ("wa_posters", turn)}
    assert ("mal_posters", turn) in tonight(due, rescrape_older)
    unknown = AutomatedHome.of(scene.settings.home, scene.instance, **every_time)  # no site owner is named
    assert tonight(unknown, rescrape_catalogs) == []


def test_every_older_subfolder_has_one_turn_per_revisit_period() -> None:
    settings = Settings()
    nights = [whose_turn(NOON + timedelta(days=day), settings) for day in range(int(settings.revisit_days) * 2)]
    changes = [key for key, before in zip(nights, [None, *nights], strict=False) if key != before]
    assert set(nights) == set(SUBFOLDERS[:-1])
    assert all(following == SUBFOLDERS[(int(key) + 1) % 9] for key, following in pairwise(changes))
    assert len(changes) in (18, 19)
