"""Image folders for the formats of a release: hard links to the images, in the places where each format looks for them.

Hard links instead of links to folders: `tar` stores a hard link as such, an upload that compares contents sends each
file once, and every reader finds its pictures. (A zip file cannot hold links; `lap release pack` writes archives that
do.)
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from lap_assets.core.files import NO_LINKS, hard_link
from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.labels.annotations import SPLITS, Split
from lap_assets.release.judging_sets import SUBSETS, Subset


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder, relative to the release.

    It holds the images with labels of a `kind`, or all; of a `split`, or all; of a `subset` to judge by, or all.
    """

    folder: str
    kind: LabelKind | None = None
    split: Split | None = None
    subset: Subset | None = None

    def images(self, manifest: pl.DataFrame) -> list[str]:
        """Return its images by their paths within the release. `manifest`: the release's list of images."""
        chosen = [] if self.kind is None else [pl.col(f"{self.kind}_tier").is_not_null()]
        chosen += [] if self.split is None else [pl.col("split") == self.split]
        if self.subset is not None:  # the column is text if the manifest was read from CSV
            chosen += [pl.col(f"{self.kind}_{self.subset}").cast(pl.String) == "true"]
        rows = manifest.filter(*chosen).select("subfolder", "name") if chosen else manifest.select("subfolder", "name")
        return [f"{subfolder}/{name}" for subfolder, name in rows.iter_rows()]

    def place_images(self, root: Path, manifest: pl.DataFrame) -> None:
        """Link the images into the folder, or copy them if the file system has no hard links."""
        created: set[str] = set()
        for image in self.images(manifest):
            path = root / self.folder / image
            subfolder = image.rpartition("/")[0]
            if subfolder not in created:
                path.parent.mkdir(parents=True, exist_ok=True)
                created.add(subfolder)
            try:
                hard_link(root / image, path)
            except OSError as error:
                if error.errno not in NO_LINKS:
                    raise
                shutil.copyfile(root / image, path)


def as_json(trees: Iterable[Tree]) -> dict[str, dict[str, str | None]]:
    """Return the trees as stored in the release's description."""
    return {tree.folder: {"kind": tree.kind, "split": tree.split, "subset": tree.subset} for tree in trees}


def from_json(described: object) -> list[Tree]:
    """Return the trees in a release's description, ignoring unknown values."""
    found = []
    for folder, rest in described.items() if isinstance(described, dict) else ():
        traits: Mapping[str, Any] = rest if isinstance(rest, dict) else {}
        kind = next((kind for kind in LABEL_KINDS if kind == traits.get("kind")), None)
        split = next((one for one in SPLITS if one == traits.get("split")), None)
        subset = next((one for one in SUBSETS if one == traits.get("subset")), None)
        found.append(Tree(str(folder), kind, split, subset if kind is not None else None))
    return found
