"""A drawn world to label: images in a style that lap-tiny has not learned, with the boxes and classes that are true.

Belongs here: drawing and keeping it. Who labels it is in `labeling_person`, what is measured in `labeling`.
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

_LARGEST: Final = 800  # px of a side: what is larger costs time to draw and is a poster in thirty


@dataclass(frozen=True, slots=True)
class LabelWorld:
    """Images below a folder and what is true of them; faces have classes."""

    folder: Path
    faces: Annotations
    heads: Annotations

    def truth(self, target: Target) -> Annotations:
        """Return the true boxes of a target."""
        return self.faces if target == "faces" else self.heads


def label_world(images: int, style: str, seed: int, kept_in: Path) -> LabelWorld:
    """Return the first so many original posters of a catalog; drawn where `kept_in` does not hold them yet."""
    plan = RecipePlan(replace(procedural_catalog(images, seed), style=style))
    recipes = ((name, plan.recipe(key)) for name, key in plan.catalog.wanted())
    own = ((name, recipe) for name, recipe in recipes if recipe.parent is None and max(recipe.size) <= _LARGEST)
    chosen = list(islice(own, images))
    folder = kept_in / f"{style}-{seed}-{images}"
    names = [f"{name.subfolder}/{name}" for name, _ in chosen]
    missing = [place for place, name in enumerate(names) if not (folder / name).is_file()]
    with ProcessPoolExecutor(cpu_count()) as pool:
        bodies = pool.map(jpeg_of, [chosen[place][1] for place in missing], chunksize=8)
        for place, body in zip(missing, bodies, strict=True):
            path = folder / names[place]
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
