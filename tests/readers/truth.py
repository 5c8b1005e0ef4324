"""Contents of a release from its plain tables `manifest.csv`, `boxes/<kind>.csv`, `classes.txt`, read only with `csv`.

A part is a unit that a reader opens: `faces train` (all boxes), `faces train sure` (for formats without scores),
`faces test reviewed`, `faces train classed`, `faces test regions` (sets for evaluation).
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

KINDS, SPLITS = {"faces": "face", "heads": "head"}, ("train", "val", "test")
Found = dict[str, list[tuple[float, float, float, float, str]]]
"""By image: x, y, width, height in px, and the name of the class."""


@dataclass(frozen=True)
class Truth:
    """The parts of a release by name, and the width and height of each image."""

    parts: dict[str, Found]
    sizes: dict[str, tuple[int, int]]

    def described(self) -> str:
        """The counts, as readable text."""
        whole = [part for name, part in self.parts.items() if len(name.split()) == 2]
        boxes = sum(len(found) for part in whole for found in part.values())
        return f"{len(self.sizes)} images, {boxes} boxes, {len(self.parts)} parts"


def truth_of(release: Path) -> Truth:
    """Return the parts and sizes of a release."""
    least = float(json.loads((release / "provenance.json").read_text())["least score of a machine's boxes"])
    images = _rows(release / "manifest.csv")
    parts: dict[str, Found] = {}
    for kind, thing in KINDS.items():
        boxes: dict[str, list[dict[str, str]]] = {}
        for row in _rows(release / "boxes" / f"{kind}.csv"):
            boxes.setdefault(row["image"], []).append(row)
        for row in images:
            image = f"{row['subfolder']}/{row['name']}"
            if row[f"{kind}_tier"]:
                own, part = boxes.pop(image, []), f"{kind} {row['split']}"
                assert len(own) == int(row[kind]), f"{image}: manifest and boxes differ"
                parts.setdefault(part, {})[image] = [_box(one) for one in own]
                sure = [_box(one) for one in own if not one["score"] or float(one["score"]) >= least]
                parts.setdefault(f"{part} sure", {})[image] = sure
                drawn = [_box(one, thing) for one in own]
                if row[f"{kind}_reviewed"] == "true":
                    parts.setdefault(f"{part} reviewed", {})[image] = drawn
                else:
                    drawn = [(0.0, 0.0, float(row["width"]), float(row["height"]), thing)]
                parts.setdefault(f"{part} regions", {})[image] = drawn
                if row[f"{kind}_classed"] == "true":
                    parts.setdefault(f"{part} classed", {})[image] = [_box(one) for one in own]
        assert not boxes, f"boxes of images that are not labeled: {sorted(boxes)[:3]}"
    sizes = {f"{row['subfolder']}/{row['name']}": (int(row["width"]), int(row["height"])) for row in images}
    return Truth(parts, sizes)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


def _box(row: dict[str, str], name: str = "") -> tuple[float, float, float, float, str]:
    x, y, width, height = map(float, row["bbox"].split())
    return x, y, width, height, name or row["category"]
