"""The sensor that retrains: it requests a training once there are enough new labels, and only once for them."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from lap_assets.automation.training import NEWLY_REVIEWED, train_again
from lap_assets.core.errors import TableError
from lap_assets.core.home import Home
from lap_assets.definitions import build_definitions
from lap_assets.models.tiny.trained import DetectorFile, write_detector
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.training.home_labels import trained_path
from lap_assets.training.starts import start_of


class TrainAgainOverTime:
    """The sensor over time, with its cursor kept between evaluations."""

    def __init__(self, home: Home) -> None:
        self._context = RunContext(Settings(home=home.root))
        self._cursor: str | None = None

    def asked_for(self) -> list[str]:
        """Return the assets that one evaluation requests."""
        context = dg.build_sensor_context(cursor=self._cursor, resources={"run_context": self._context})
        results: Any = train_again(context)
        result = list(results)
        self._cursor = context.cursor
        asked = [one for one in result if isinstance(one, dg.RunRequest)]
        assert bool(asked) is not any(isinstance(one, dg.SkipReason) for one in result)
        return [key.to_user_string() for one in asked for key in one.asset_selection or ()]


def review(home: Home, asset: str, subfolder: str, reviewed: int, others: int = 5) -> None:
    """Store a table with this many reviewed images and some unreviewed ones."""
    path = home.tables / asset / f"{subfolder}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame({"reviewed": [True] * reviewed + [False] * others}).write_parquet(path)


def test_enough_newly_reviewed_images_request_one_training(tmp_path: Path) -> None:
    home = Home(tmp_path)
    watch = TrainAgainOverTime(home)
    assert watch.asked_for() == []
    review(home, "refined_face_boxes", "0", NEWLY_REVIEWED - 1)
    review(home, "refined_head_boxes", "0", 3)
    assert watch.asked_for() == []
    review(home, "refined_face_boxes", "9", 1)
    assert watch.asked_for() == ["trained_face_detector"]
    assert watch.asked_for() == []
    review(home, "refined_face_boxes", "9", NEWLY_REVIEWED)
    review(home, "refined_head_boxes", "0", NEWLY_REVIEWED)
    assert watch.asked_for() == ["trained_head_detector"]
    review(home, "refined_face_boxes", "9", NEWLY_REVIEWED + 1)
    assert watch.asked_for() == ["trained_face_detector"]


def test_the_images_of_a_manual_training_count(tmp_path: Path) -> None:
    home = Home(tmp_path)
    review(home, "refined_face_boxes", "0", 250)
    network, cfg = start_of("lap-tiny", "faces")
    about = {"images": 140, "choosing_images": 30, "judging_images": 30}
    write_detector(network, trained_path(home, "faces"), DetectorFile("faces", cfg, about))
    assert TrainAgainOverTime(home).asked_for() == []
    review(home, "refined_face_boxes", "0", 300)
    assert TrainAgainOverTime(home).asked_for() == ["trained_face_detector"]


def test_a_broken_table_is_no_reason_to_train(tmp_path: Path) -> None:
    home = Home(tmp_path)
    review(home, "refined_face_boxes", "0", 300)
    (home.tables / "refined_face_boxes" / "0.parquet").write_bytes(b"PAR1")
    with pytest.raises(TableError, match="refined_face_boxes"):
        TrainAgainOverTime(home).asked_for()


def test_it_is_off_until_somebody_turns_it_on(tmp_path: Path) -> None:
    sensors = build_definitions(RunContext(Settings(home=tmp_path))).sensors or []
    (found,) = [one for one in sensors if one.name == "train_again"]
    assert found.default_status is dg.DefaultSensorStatus.STOPPED
