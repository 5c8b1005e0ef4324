"""Time that a model's suggestions save a person who labels: `python -m benchmarks labeling`.

A simulated person labels a drawn world in the queue's order. After a number of images a model is trained on them, and
its suggestions on unlabeled images are compared with the shipped detector's, and with none. Then errors are planted
into labels, and the list of suspects is read from the top.
"""

import random
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rich.table import Table

from benchmarks.labeling_person import LabelWork, PersonCosts, all_labeled
from benchmarks.labeling_suggestions import suggested, suspects_found
from benchmarks.labeling_world import LabelWorld, label_world
from lap_assets.core.box import Box
from lap_assets.core.home import Home
from lap_assets.core.progress import Silent
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import write_labels
from lap_assets.training.finetune import TuningPlan
from lap_assets.training.held_out import group_of
from lap_assets.training.label_queue import next_to_label
from lap_assets.training.label_reliability import FAINT, ImageBoxes
from lap_assets.training.label_training import LabelSource, Training, train_on_labels

OF_ORIGINAL: Final = 45_286
"""Number of images in the original dataset, for which hours are extrapolated."""


@dataclass(frozen=True, slots=True)
class LabelingPlan:
    """Plan of the measurement: a model after each number of `labeled` images of a style, on `tested` other images."""

    style: str = "chibi"
    labeled: tuple[int, ...] = (30, 100)
    tested: int = 200
    seed: int = 31
    steps: int = 120
    costs: PersonCosts = field(default_factory=PersonCosts)


@dataclass(frozen=True, slots=True)
class LabelingRow:
    """Value of the suggestions from one source. `seconds`, `megabytes`: time and memory of the training."""

    source: str
    work: LabelWork
    seconds: float | None = None
    megabytes: float | None = None


def labeling_rows(plan: LabelingPlan, kept_in: Path) -> Iterator[LabelingRow]:
    """Yield rows for no suggestions, the shipped detector's, and a model after each number of labeled images."""
    world = world_of(plan, kept_in)
    pool, test = apart(world.faces.images, plan)
    yield LabelingRow("no suggestions", all_labeled((image.boxes, ()) for image in test))
    yield LabelingRow("lap-tiny", _work(test, suggested(world, test, "lap-tiny")))
    done: list[LabeledImage] = []
    model, found = "lap-tiny", suggested(world, pool, "lap-tiny")
    for number in plan.labeled:
        done += _next(pool, done, found, number - len(done))
        start = time.perf_counter()
        model = str(train(world.faces, world.folder, done, plan, kept_in))
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield LabelingRow(f"{number} labeled", _work(test, suggested(world, test, model)), seconds, peak)
        found = suggested(world, pool, model)


def labeling(plan: LabelingPlan, kept_in: Path) -> Iterator[Table | str]:
    """Yield each table or line as soon as it is known."""
    table = Table(title=f"style {plan.style}, {plan.tested} unlabeled images")
    for name in ("suggestions", "faces matched", "false per face", "classes right", "actions per image",
                 "seconds per image", f"hours for {OF_ORIGINAL:,}", "training", "memory"):  # fmt: skip
        table.add_column(name, justify="left" if name == "suggestions" else "right")
    for row in labeling_rows(plan, kept_in):
        yield f"{row.source}: {row.work}"  # the next row takes minutes
        work, seconds = row.work, row.work.seconds(plan.costs)
        table.add_row(
            row.source,
            f"{work.met / max(1, work.boxes):.1%}",
            f"{work.removed / max(1, work.boxes):.3f}",
            f"{work.right / max(1, work.met):.1%}",
            f"{work.actions:.2f}",
            f"{seconds:.2f}",
            f"{seconds * OF_ORIGINAL / 3600:.1f}",
            "" if row.seconds is None else f"{row.seconds:.0f} s",
            "" if row.megabytes is None else f"{row.megabytes:,.0f} MB",
        )
    yield table
    world = world_of(plan, kept_in)
    _, test = apart(world.faces.images, plan)
    found = suggested(world, test, str(_out(plan, kept_in, max(plan.labeled))), least=FAINT)
    planted, doubts, hits = suspects_found(test, found, plan.seed)
    yield (
        f"planted label errors: {planted}; {hits} of them among the first of {doubts} suspects (a tenth of the labels)"
    )


def world_of(plan: LabelingPlan, kept_in: Path) -> LabelWorld:
    """Return the images to label and to measure on."""
    return label_world(plan.tested + 2 * max(plan.labeled), plan.style, plan.seed, kept_in)


def train(labels: Annotations, folder: Path, images: Sequence[LabeledImage], plan: LabelingPlan, kept_in: Path) -> Path:
    """Train a detector like `lap train faces` on labeled images, replacing an earlier one; return its file."""
    out = _out(plan, kept_in, len(images))
    truth = out.with_suffix(".json")
    write_labels(replace(labels, images=tuple(images)), truth, "coco", force=True)
    tuning = TuningPlan("faces", steps=plan.steps, every=max(1, plan.steps // 8))
    training = Training(LabelSource(truth, folder), tuning, out=out, device="cpu", force=True)
    for _ in train_on_labels(training, Home(kept_in / "home"), Silent()):
        pass
    return out


def _out(plan: LabelingPlan, kept_in: Path, number: int) -> Path:
    return kept_in / f"{plan.style}-{plan.seed}-{number}.safetensors"


def apart(images: Sequence[LabeledImage], plan: LabelingPlan) -> tuple[list[LabeledImage], list[LabeledImage]]:
    """Return images to label and images to measure on, with no anime in both."""
    groups = sorted({group_of(image.name) for image in images})
    random.Random(plan.seed).shuffle(groups)  # noqa: S311 - a simulation
    by_group = {group: [image for image in images if group_of(image.name) == group] for group in groups}
    test: list[LabeledImage] = []
    while len(test) < plan.tested:
        test += by_group.pop(groups.pop())
    return [image for members in by_group.values() for image in members], test


def _next(
    pool: Sequence[LabeledImage], done: Sequence[LabeledImage], found: dict[str, list[Box]], count: int
) -> list[LabeledImage]:
    """Return the next images in the queue's order."""
    reviewed = {image.name for image in done}
    queue = next_to_label(ImageBoxes(one.name, (), found[one.name], one.name in reviewed) for one in pool)
    by_name = {image.name: image for image in pool}
    return [by_name[one.name] for one in queue[:count]]


def _work(images: Sequence[LabeledImage], found: dict[str, list[Box]]) -> LabelWork:
    return all_labeled((image.boxes, found[image.name]) for image in images)
