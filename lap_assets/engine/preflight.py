"""Checks before the first step of a run: weights, settings, client id, device, disk space."""

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
    """Check the requirements of the due steps and of those that may follow.

    Raises:
        NotReady: a requirement is not met; the error lists every problem.
    """
    steps = [*ahead.certain, *ahead.possible]
    if problems := unmet_requirements(run_context, {asset for step in steps for asset in step.assets}):
        raise NotReady(problems)


def unmet_requirements(run_context: RunContext, assets: Collection[str]) -> list[str]:
    """Return a line for each unmet requirement of making these assets, with what to do; empty if there is none."""
    settings, home = run_context.settings, run_context.home
    used = [spec.site for spec in site_specs() if {spec.entry.catalog_asset, spec.entry.posters_asset} & set(assets)]
    tasks = [task for asset, task in _TASKS.items() if asset in assets]
    problems = [*asking_problems(run_context, used), *model_problems(settings, tasks, home.weights, settings.device)]
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
