"""A drawn world to label: images in a style that lap-tiny was not trained on, with true boxes and classes.

Drawing and keeping it belongs here. The person is in `labeling_person`, the measurement in `labeling`.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from os import cpu_count
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.face_classes import FACE_CLASSES
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.models.types import Target
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.recipes import PosterRecipe
from lap_assets.replica.renderer.picture import boxes_of, classed_faces, jpeg_of

_LARGEST: Final = 800  # px of a side; larger posters, one in thirty, take long to draw


@dataclass(frozen=True, slots=True)
class LabelWorld:
    """Images in a folder and their true boxes; faces have classes."""

    folder: Path
    faces: Annotations
    heads: Annotations

    def truth(self, target: Target) -> Annotations:
        """Return the true boxes of a target."""
        return self.faces if target == "faces" else self.heads


def label_world(images: int, style: str, seed: int, kept_in: Path) -> LabelWorld:
    """Return the first `images` original posters of a catalog; those missing in `kept_in` are drawn."""
    plan = RecipePlan(replace(procedural_catalog(images, seed), style=style))
    recipes = ((name, plan.recipe(key)) for name, key in plan.catalog.wanted())
    own = ((name, recipe) for name, recipe in recipes if recipe.parent is None and max(recipe.size) <= _LARGEST)
    chosen = list(islice(own, images))
    folder = kept_in / f"{style}-{seed}-{images}"
    names = [f"{name.subfolder}/{name}" for name, _ in chosen]
    missing = [index for index, name in enumerate(names) if not (folder / name).is_file()]
    with ProcessPoolExecutor(cpu_count()) as pool:
        bodies = pool.map(jpeg_of, [chosen[index][1] for index in missing], chunksize=8)
        for index, body in zip(missing, bodies, strict=True):
            path = folder / names[index]
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, body)
    recipe_of = dict(zip(names, (recipe for _, recipe in chosen), strict=True))
    return LabelWorld(
        folder,
        Annotations(tuple(_faces(name, recipe) for name, recipe in recipe_of.items()), FACE_CLASSES),
        Annotations(tuple(_heads(name, recipe) for name, recipe in recipe_of.items()), thing="head"),
    )


def _faces(name: str, recipe: PosterRecipe) -> LabeledImage:
    boxes = tuple(Box(*box, class_id=number) for box, number in classed_faces(recipe))
    return LabeledImage(name, *recipe.size, boxes=boxes, reviewed=True, tier="manual")


def _heads(name: str, recipe: PosterRecipe) -> LabeledImage:
    boxes = tuple(Box(*box) for box in boxes_of(recipe)[1])
    return LabeledImage(name, *recipe.size, boxes=boxes, reviewed=True, tier="manual")
