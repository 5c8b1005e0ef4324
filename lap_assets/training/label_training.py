"""Train a detector from people's labels and compare it with its start; the work behind `lap train faces|heads`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.core.locks import held
from lap_assets.core.picture_limits import DEFAULT_LIMITS, Limits
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats import read_labels
from lap_assets.models.devices import chosen_device
from lap_assets.models.tiny.classifier import classifier_beside, write_classifier
from lap_assets.models.tiny.trained import ENDING, DetectorFile, file_spec, load, write_detector
from lap_assets.training.class_training import LEAST, classed_crops, trained_classes
from lap_assets.training.examples import Example, examples_of, reviewed_images
from lap_assets.training.finetune import TuningPlan, tuned
from lap_assets.training.held_out import Parts, parted
from lap_assets.training.home_labels import home_labels, trained_path
from lap_assets.training.looks import SUGGESTED, Look, look_at, looked
from lap_assets.training.starts import start_of
from lap_assets.training.tuning_state import TuningState, fingerprint


@dataclass(frozen=True, slots=True)
class LabelSource:
    """Location of the labels: a file or folder of any format and a folder of images, or the home if both are None."""

    truth: Path | None
    images: Path | None
    format_from: str | None = None
    skip: bool = False

    def __post_init__(self) -> None:
        if (self.truth is None) != (self.images is None):
            raise InputError("--truth and --images must be given together: the labels, and the folder of their images")

    def read(self, plan: TuningPlan, home: Home) -> tuple[Annotations, Path]:
        """Return the labels and the folder of their images.

        Raises:
            LabelFileError, InputError: the labels are unreadable or missing.
        """
        if self.truth is None or self.images is None:
            return home_labels(home, plan.target), home.images
        return read_labels(self.truth, self.format_from, images=self.images, skip=self.skip), self.images

    def default_out(self, plan: TuningPlan, home: Home) -> Path:
        """Return the default path of the result: in the home's weights, or in the working directory."""
        path = trained_path(home, plan.target)
        return Path(path.name) if self.truth is not None else path


@dataclass(frozen=True, slots=True)
class Training:
    """One training: source, plan and result. `start`: "lap-tiny" or a detector file; `out`: None for the default.

    `force`: replace the file at `out` even if it is better.
    """

    source: LabelSource
    plan: TuningPlan
    start: str = "lap-tiny"
    out: Path | None = None
    device: str | None = None
    limits: Limits = DEFAULT_LIMITS
    force: bool = False


def train_on_labels(
    training: Training, home: Home, progress: Progress, is_stopping: Callable[[], bool] = lambda: False
) -> Iterator[str]:
    """Train and write the detector file; yield report lines for the user.

    An earlier file is replaced unless it is better on the judging images; in that case the checkpoint is kept.

    Raises:
        InputError: there are no labels to learn from, or `out` is not a detector file's name, or is another file.
        WeightsError: the start is unusable.
        LockHeld: another training writes the same file.
        Stopped: `is_stopping` returned True; the same training resumes.
    """
    plan, out = training.plan, training.out or training.source.default_out(training.plan, home)
    if out.suffix != ENDING or out.is_dir():
        raise InputError(f"--out {out}: expected a file name that ends with {ENDING}")
    if out.exists() and not training.force:
        file_spec(plan.target, str(out))
    with held(out.with_name(f".{out.name}.lock"), wait=False):
        yield from _trained(training, out, home, progress, is_stopping)


def _trained(
    training: Training, out: Path, home: Home, progress: Progress, is_stopping: Callable[[], bool]
) -> Iterator[str]:
    plan, device = training.plan, chosen_device(training.device)
    labels, folder = training.source.read(plan, home)
    network, cfg = start_of(training.start, plan.target)
    parts = parted(examples_of(labels, folder, plan.target, progress, training.limits))
    judging = parts.judging or parts.choosing
    yield from labels.notes
    yield (
        f"learning from {_counted(parts.learned)}; choosing by {_counted(parts.choosing)} and judging by"
        f" {_counted(parts.judging)}, all of different anime"
    )
    if not parts.judging:
        yield "only two anime have boxes: the figures are too good, since the choosing images are also the judging ones"
    state = TuningState(out.with_name(f"{out.stem}.checkpoint{ENDING}"), fingerprint(parts, network, plan))
    first = looked(network, 0, examples=judging, target=plan.target, device=device)
    result = tuned(network, parts, plan, state, progress, device=device, is_stopping=is_stopping)
    if state.note:
        yield state.note
    best = looked(result.network, result.best.step, examples=judging, target=plan.target, device=device)
    result.network.cpu()
    yield from _comparison(training.start, first, best)
    yield from _classes(training, labels, folder, parts, out, progress)
    if out.exists() and not training.force:
        earlier = look_at(load(out, device), judging)
        yield f"{out}: {_shown(earlier)}"
        if earlier.ap50 > best.ap50:
            yield f"kept {out}: it is better than the new one; the same command with --force replaces it"
            return
    write_detector(result.network, out, DetectorFile(plan.target, cfg, _about(training, parts, first, best)))
    state.remove()
    yield f"wrote {out}"


def _classes(
    training: Training, labels: Annotations, folder: Path, parts: Parts, out: Path, progress: Progress
) -> Iterator[str]:
    """Train a classifier beside the detector if people have assigned classes; else an earlier classifier is kept."""
    crops = classed_crops(reviewed_images(labels), folder, progress, training.limits)
    choosing, judging = ({example.name for example in part} for part in (parts.choosing, parts.judging))
    trained = trained_classes(crops, choosing, judging, training.plan.target)
    if trained is None:
        if crops:
            yield f"no classes were learned: at least two are needed, with {LEAST} boxes each"
        return
    path = classifier_beside(out)
    if not trained.helps:
        yield (
            f"no classes are suggested yet: only {trained.right:,} of {trained.judged:,} boxes of other anime were"
            " classified correctly; classify more boxes"
        )
        path.unlink(missing_ok=True)
        return
    write_classifier(trained.numbers, path, trained.described)
    yield (
        f"{len(trained.described.classes)} classes learned from {len(crops) - trained.judged:,} boxes;"
        f" {trained.right:,} of {trained.judged:,} other boxes classified correctly: {path}"
    )


def _comparison(start: str, first: Look, best: Look) -> Iterator[str]:
    yield f"{start}: {_shown(first)}"
    yield f"trained ({best.step} steps): {_shown(best)}"
    if best.step == 0:
        yield f"the training brought no improvement: the file has the weights of {start}; label more images"


def _shown(look: Look) -> str:
    return (
        f"AP50 {look.ap50:.3f}; {look.found} of {look.boxes} boxes found, {look.false} false (score from {SUGGESTED})"
    )


def _counted(examples: tuple[Example, ...]) -> str:
    boxes = sum(example.box_count for example in examples)
    return f"{_many(len(examples), 'image')} with {boxes:,} box{'es' if boxes != 1 else ''}"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _about(training: Training, parts: Parts, first: Look, best: Look) -> dict[str, object]:
    return {
        "start": training.start if training.start == "lap-tiny" else Path(training.start).name,
        "seed": training.plan.seed, "steps": best.step,
        "images": len(parts.learned), "choosing_images": len(parts.choosing), "judging_images": len(parts.judging),
        "judging_boxes": first.boxes, "ap50_before": first.ap50, "ap50": best.ap50,
    }  # fmt: skip
