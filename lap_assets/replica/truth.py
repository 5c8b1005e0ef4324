"""Ground truth of the replica's posters: boxes, sizes and near-duplicates, as JSON in pieces.

`/truth.json` belongs here. Nothing is drawn for it: boxes come from scenes, duplicates from recipes. It covers the
posters that a scrape should collect (with a MAL id that is not Rx), by file name.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from lap_assets.core.labels.face_classes import FACE_CLASSES
from lap_assets.core.names import PosterName
from lap_assets.replica.catalog import Catalog, PosterKey
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.recipes import Kind, PosterRecipe
from lap_assets.replica.renderer.picture import boxes_of, classed_faces

_A_PIECE: Final = 200  # posters


def true_pairs(catalog: Catalog) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every pair of posters with the same picture, by name, and the kinds of changes between them."""
    plan = RecipePlan(catalog)
    pairs = (pair for keys, names in _clusters(plan) for pair in _pairs(plan, keys, names))
    return [(pair["a"], pair["b"], tuple(pair["kinds"])) for pair in pairs]


def truth_pieces(plan: RecipePlan) -> Iterator[str]:
    """Yield the JSON text: `seed`, `style`, `classes`, `posters`, `clusters`, `pairs`.

    `posters` maps each name to `width` and `height` (px, upright), `faces` and `heads` (x0 y0 x1 y1 in px of the
    upright picture), `face_classes` (each face's index in `classes`), `quality`, `orientation` (EXIF) and `cluster`
    (an index into `clusters`, or null).
    `clusters` are lists of names with the same picture. `pairs` has every pair within them: `a`, `b`, `kinds` (the
    changes from one to the other) and `scope` ("same" or "other" anime).
    """
    clusters = _clusters(plan)
    cluster_of = {name: index for index, (_, names) in enumerate(clusters) for name in names}
    about = {"seed": plan.catalog.seed, "style": plan.catalog.style, "classes": FACE_CLASSES}
    yield json.dumps(about)[:-1] + ', "posters": {'
    piece: list[str] = []
    separator = ""
    for name, key in plan.catalog.wanted():
        piece.append(f"\n{json.dumps(str(name))}: {json.dumps(_poster(plan.recipe(key), cluster_of.get(name)))}")
        if len(piece) == _A_PIECE:
            yield separator + ",".join(piece)
            separator, piece = ",", []
    yield (separator + ",".join(piece)) if piece else ""
    yield '\n}, "clusters": ['
    yield ",".join(f"\n{json.dumps([str(name) for name in names])}" for _, names in clusters)
    yield '\n], "pairs": ['
    yield ",".join(f"\n{json.dumps(pair)}" for keys, names in clusters for pair in _pairs(plan, keys, names))
    yield "\n]}\n"


def _poster(recipe: PosterRecipe, cluster: int | None) -> dict[str, Any]:
    faces, heads = boxes_of(recipe)
    width, height = recipe.size
    return {
        "width": width,
        "height": height,
        "faces": [list(box) for box in faces],
        "face_classes": [number for _, number in classed_faces(recipe)],
        "heads": [list(box) for box in heads],
        "quality": recipe.quality,
        "orientation": recipe.orientation,
        "cluster": cluster,
    }


def _clusters(plan: RecipePlan) -> list[tuple[list[PosterKey], list[PosterName]]]:
    """Return the groups of two or more posters in the truth with the same root, as keys and names."""
    found: defaultdict[PosterKey, list[tuple[PosterName, PosterKey]]] = defaultdict(list)
    for name, key in plan.catalog.wanted():
        found[plan.recipe(key).root].append((name, key))
    several = [members for members in found.values() if len(members) > 1]
    return [([key for _, key in members], [name for name, _ in members]) for members in several]


def _pairs(plan: RecipePlan, keys: list[PosterKey], names: list[PosterName]) -> Iterator[dict[str, Any]]:
    lines = [_ancestry(plan, key) for key in keys]
    for (name, line), (other, other_line) in combinations(zip(names, lines, strict=True), 2):
        yield {
            "a": str(name),
            "b": str(other),
            "kinds": _kinds_between(line, other_line),
            "scope": "same" if name.mal_id == other.mal_id else "other",
        }


def _ancestry(plan: RecipePlan, key: PosterKey) -> dict[PosterKey, tuple[Kind, ...]]:
    """Return the poster and all its ancestors, each with the changes from its parent."""
    line: dict[PosterKey, tuple[Kind, ...]] = {}
    current: PosterKey | None = key
    while current is not None:
        recipe = plan.recipe(current)
        line[current] = recipe.link
        current = recipe.parent
    return line


def _kinds_between(line: dict[PosterKey, tuple[Kind, ...]], other: dict[PosterKey, tuple[Kind, ...]]) -> list[Kind]:
    """Return the changes on the way from one poster to the nearest common ancestor and on to the other."""
    apart = line.keys() ^ other.keys()
    return sorted({kind for steps in (line, other) for key, kinds in steps.items() if key in apart for kind in kinds})
