"""The dataset card: README.md of a release, with the front matter that dataset hubs read."""

import json
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from lap_assets.core.labels.files import LabelKind
from lap_assets.release.labels import Present
from lap_assets.release.statistics import FOLDER, markdown
from lap_assets.release.texts import DESCRIPTION, NAME, licence_line

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(
    version: str,
    tables: Mapping[str, pl.DataFrame],
    kinds: Present,
    provenance: Mapping[str, Any],
    *,
    images: int,
    removed: int,
    days: tuple[str, str],
) -> str:
    """The card's text. `days`: of the oldest and newest poster."""
    licence = str(provenance["annotations licence"])
    parts = [
        _head(kinds, images),
        f"# {NAME}, {version}\n\n{DESCRIPTION}\n",
        f"{images:,} images, collected from {days[0]} to {days[1]}; {removed:,} posters were removed, most of them "
        "near-duplicates (`removed.csv` gives the reason for each, and the poster that stays instead).\n",
        *_partial(provenance),
        *_audit(provenance),
        "## Splits\n",
        "All images of an anime, and of anime that share near-duplicates, are in the same split. Images keep their "
        f"split in later releases.\n\n{markdown(tables['splits'])}",
        *(_labels(kind, tables) for kind in kinds),
        _loading(version, kinds),
        "## Sources\n",
        f"{markdown(tables['posters'])}\n`manifest.csv` lists the source, date, checksums and original size of each "
        "image, and how it was processed; `provenance.json` the settings and models. Permission to read the sites: "
        f"{provenance.get('permission', 'not stated')}.\n",
        f"## Licence\n\n{licence_line(licence)}\n",
        f"More tables and plots: `{FOLDER}/`. Changes since the last release: `CHANGES.md`.\n",
    ]
    return "\n".join(parts)


def _partial(provenance: Mapping[str, Any]) -> list[str]:
    left = provenance.get("unfinished scrapes")
    return [f"**A partial release**: these scrapes were unfinished: {', '.join(left)}.\n"] if left else []


def _audit(provenance: Mapping[str, Any]) -> list[str]:
    told = provenance.get("audit of duplicates")
    return [f"Near-duplicates that may remain, by an audit of {told}.\n"] if told else []


def _head(kinds: Present, images: int) -> str:
    size = next((name for below, name in _SIZES if images < below), "n>1M")
    lines = [
        "---", f"pretty_name: {json.dumps(NAME)}", "license: other", "license_name: see-below", "task_categories:",
        "- object-detection", "tags:", "- anime", "- face-detection", "size_categories:", f"- {size}",
    ]  # fmt: skip
    if kinds:
        lines.append("configs:")
    for number, (kind, splits) in enumerate(kinds.items()):
        lines += [f"- config_name: {kind}", *(["  default: true"] if number == 0 else []), "  data_files:"]
        for split in splits:
            lines += [f"  - split: {split}", f"    path: parquet/{kind}/{split}/metadata.parquet"]
    return "\n".join([*lines, "---", ""])


def _labels(kind: LabelKind, tables: Mapping[str, pl.DataFrame]) -> str:
    return (
        f"## {kind.capitalize()}\n\n`manual`: drawn by a person; `refined`: a detector's boxes, corrected by a person; "
        f"`machine`: a detector's boxes, each with its score.\n\n{markdown(tables[f'{kind}_tiers'])}\n"
        f"By area (small: under 32², large: over 96² px²):\n\n{markdown(tables[f'{kind}_areas'])}\n"
        f"{markdown(tables[f'{kind}_classes'])}"
    )


def _loading(version: str, kinds: Present) -> str:
    if not kinds:
        return ""
    kind, splits = next(iter(kinds.items()))
    return f"""## Loading

```python
from datasets import load_dataset

files = {{split: f"{version}/parquet/{kind}/{{split}}/metadata.parquet" for split in {tuple(splits)}}}
{kind} = load_dataset("imagefolder", data_files=files)  # each row: image, objects, split, reviewed, tier, model

from lap_assets.labels.dataset import LapDataset

{kind} = LapDataset("{version}", "{kind}", split="train")  # for torchvision's detection models
```

Other formats: COCO in `coco/{kind}_train.json`, YOLO (ultralytics) in `yolo/{kind}/data.yaml`, Pascal VOC in
`voc/{kind}`. All refer to the same images.
"""
