"""What a run lacks, told before its first step: weights, settings, the client id, the device, room on the disk."""

from collections.abc import Collection, Mapping
from typing import Final

from lap_assets.core.address_space import address_space_problem
from lap_assets.core.disk_space import check_disk_space
from lap_assets.core.errors import LapError, NotReady
from lap_assets.engine.plan import Forecast
from lap_assets.models.compared import compared_problems
from lap_assets.models.readiness import model_problems
from lap_assets.models.spec_types import Task
from lap_assets.run_context import RunContext
from lap_assets.sites.asking import asking_problems
from lap_assets.sites.specs import site_specs

_TASKS: Final[Mapping[str, Task]] = {
    "vit_embeddings": "embedder", "resized_images": "upscaler", "baseline_face_boxes": "faces",
    "baseline_head_boxes": "heads",
}  # fmt: skip
"""The task of the model that an asset runs."""
_SETTINGS: Final[Mapping[Task, str]] = {
    "embedder": "embedder", "upscaler": "upscaler", "faces": "face_detector", "heads": "head_detector",
}  # fmt: skip
_WITHOUT_TORCH: Final = ("none", "lanczos")


def check_ready(run_context: RunContext, ahead: Forecast) -> None:
    """Checks that the steps that are due, and those that may follow, have what they need.

    Raises:
        NotReady: they have not; it holds every problem.
    """
    steps = [*ahead.certain, *ahead.possible]
    if problems := lacking(run_context, {asset for step in steps for asset in step.assets}):
        raise NotReady(problems)


def lacking(run_context: RunContext, assets: Collection[str]) -> list[str]:
    """A line for each thing that making these assets lacks, with what to do; empty where they can begin."""
    settings, home = run_context.settings, run_context.home
    asked = [spec.site for spec in site_specs() if {spec.entry.catalog_asset, spec.entry.posters_asset} & set(assets)]
    tasks = [task for asset, task in _TASKS.items() if asset in assets]
    problems = [*asking_problems(run_context, asked), *model_problems(settings, tasks, home.weights, settings.device)]
    if "detector_report" in assets:
        problems += compared_problems(settings, home.weights, settings.device)
    with_models = any(getattr(settings, _SETTINGS[task]) not in _WITHOUT_TORCH for task in tasks)
    if (problem := address_space_problem(with_models=with_models)) is not None:
        problems.append(problem)
    try:
        check_disk_space(home)
    except LapError as error:
        problems.append(str(error))
    return list(dict.fromkeys(problems))
