"""Share of face classes classified correctly by number of labeled images: `python -m benchmarks labeling-classes`.

It uses the true boxes, without a detector, so it measures the classifier alone, on other anime.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.table import Table

from benchmarks.labeling import LabelingPlan, apart, world_of
from benchmarks.labeling_world import LabelWorld
from lap_assets.core.progress import Silent
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.training.class_training import ClassedCrop, classed_crops, trained_classes
from lap_assets.training.examples import examples_of
from lap_assets.training.held_out import parted


def labeling_classes(plan: LabelingPlan, kept_in: Path) -> Iterator[Table]:
    """Yield one table with a row for each number of labeled images."""
    world = world_of(plan, kept_in)
    pool, test = apart(world.faces.images, plan)
    judged = classed_crops(test, world.folder, Silent())
    most_frequent = max(Counter(crop.class_id for crop in judged).values()) / len(judged)
    table = Table(title=f"style {plan.style}, {len(judged)} faces of other anime; {most_frequent:.1%} are of one class")
    for name in ("labeled images", "faces", "classes right", "mean probability", "training"):
        table.add_column(name, justify="right")
    for number in plan.labeled:
        table.add_row(str(number), *_row(world, pool[:number], judged))
    yield table


def _row(world: LabelWorld, labeled: Sequence[LabeledImage], judged: Sequence[ClassedCrop]) -> tuple[str, ...]:
    start = time.perf_counter()
    crops = classed_crops(labeled, world.folder, Silent())
    choosing = _choosing(world.faces, labeled, world.folder)
    trained = trained_classes([*crops, *judged], choosing, {crop.name for crop in judged}, "faces")
    seconds = time.perf_counter() - start
    if trained is None:
        return str(len(crops)), "", "", f"{seconds:.1f} s"
    sure = [float(trained.numbers.probabilities(crop.features).mean(axis=0).max()) for crop in judged]
    share = f"{trained.right / max(1, trained.judged):.1%}"
    return str(len(crops)), share, f"{sum(sure) / len(sure):.1%}", f"{seconds:.1f} s"


def _choosing(labels: Annotations, labeled: Sequence[LabeledImage], folder: Path) -> set[str]:
    parts = parted(examples_of(replace(labels, images=tuple(labeled)), folder, "faces", Silent()))
    return {example.name for example in parts.choosing}
