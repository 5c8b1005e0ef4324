"""The dataset card: a release's README.md, with the front matter that dataset hubs read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from lap_assets.core.labels.files import LabelKind
from lap_assets.core.plain_text import markdown as markdown_text
from lap_assets.release.label_audits import WORDS
from lap_assets.release.labels import Present
from lap_assets.release.statistics import FOLDER, markdown
from lap_assets.release.texts import DRAWN, NAME, REPLICA, REPOSITORY, description_of, hub_licence, licence_line

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
    """Return the card's text. `days`: when the oldest and the newest poster were fetched."""
    licence, is_drawn = str(provenance["annotations licence"]), REPLICA in provenance
    parts = [
        _head(kinds, images, licence),
        f"# {NAME}, {version}\n\n{description_of(is_drawn=is_drawn)}\n",
        *([f"**A replica's release**: {DRAWN}.\n"] if is_drawn else []),
        f"{images:,} images, collected from {days[0]} to {days[1]}; {removed:,} posters were removed, most of them "
        "near-duplicates (`removed.csv` lists the reason for each, and the poster kept in its place).\n",
        *_partial(provenance),
        *_audit(provenance),
        "## Splits\n",
        "All images of an anime, and of anime that share near-duplicates, are in the same split. Images keep their "
        f"split in later releases.\n\n{markdown(tables['splits'])}",
        *(_labels(kind, tables, provenance) for kind in kinds),
        _loading(version, kinds, float(provenance.get("least score of a machine's boxes", 0))),
        "## Sources\n",
        f"{markdown(tables['posters'])}\n`manifest.csv` lists the source, date, checksums and original size of each "
        "image, and how it was processed; `provenance.json` the settings and models. Permission to read the sites: "
        f"{provenance.get('permission', 'not stated')}.\n",
        _content_note(tables, is_drawn=is_drawn),
        f"## Licence\n\n{licence_line(licence, is_drawn=is_drawn)}\n",
        f"## Citation and contact\n\nTo cite this version (see also `CITATION.cff`):\n\n```bibtex\n"
        f"@misc{{lap-{version},\n  title = {{{NAME}, {version}}},\n  author = {{{{The LAP authors}}}},\n"
        f"  year = {{{days[1][:4] or 'n.d.'}}},\n  url = {{{REPOSITORY}}}\n}}\n```\n\n"
        f"For questions and requests to remove a picture, open an issue at {REPOSITORY}.\n",
        f"More tables and plots: `{FOLDER}/`. Changes since the last release: `CHANGES.md`.\n",
    ]
    return "\n".join(parts)


def _partial(provenance: Mapping[str, Any]) -> list[str]:
    unfinished = provenance.get("unfinished scrapes")
    return [f"**A partial release**: these scrapes were unfinished: {', '.join(unfinished)}.\n"] if unfinished else []


def _audit(provenance: Mapping[str, Any]) -> list[str]:
    audit = provenance.get("audit of duplicates")
    return [f"Near-duplicates that may remain, by an audit of {audit}.\n"] if audit else []


def _content_note(tables: Mapping[str, pl.DataFrame], *, is_drawn: bool) -> str:
    """Return the section on the posters' content and on the removed ones."""
    sites = "" if is_drawn else (
        "Anime that MyAnimeList rates Rx are left out. Other posters may still be suggestive or violent; not every "
        "poster was reviewed.\n\n"
    )  # fmt: skip
    return (
        f"## Content\n\n{sites}The table counts the removed posters, by rule or person. Pairs that no rule decides and "
        f"nobody has reviewed are still included.\n\n{markdown(tables['removed'])}"
    )


def _head(kinds: Present, images: int, licence: str) -> str:
    size = next((name for below, name in _SIZES if images < below), "n>1M")
    lines = [
        "---", f"pretty_name: {json.dumps(NAME)}", *_licence_fields(licence), "language:", "- ja", "- en",
        "annotations_creators:", "- expert-generated", "- machine-generated", "source_datasets:", "- original",
        "task_categories:", "- object-detection", "tags:", "- anime", "- face-detection", "- image",
        "size_categories:", f"- {size}",
    ]  # fmt: skip
    if kinds:
        lines.append("configs:")
    for number, (kind, splits) in enumerate(kinds.items()):
        lines += [f"- config_name: {kind}", *(["  default: true"] if number == 0 else []), "  data_files:"]
        for split in splits:
            lines += [f"  - split: {split}", f"    path: parquet/{kind}/{split}/**"]
    return "\n".join([*lines, "---", ""])


def _licence_fields(licence: str) -> list[str]:
    """Return the front matter lines for the annotations' licence, by the name that dataset hubs use."""
    known = hub_licence(licence)
    return [f"license: {known}"] if known else ["license: other", f"license_name: {json.dumps(licence or 'see-below')}"]


def _labels(kind: LabelKind, tables: Mapping[str, pl.DataFrame], provenance: Mapping[str, Any]) -> str:
    audits = provenance.get("audits of labels", {}).get(kind, [])
    return (
        f"## {kind.capitalize()}\n\n`manual`: drawn by a person; `refined`: a detector's boxes, corrected by a person; "
        + ("`audited`: a detector's boxes, accepted together after reviewing a random sample; " if audits else "")
        + f"`machine`: a detector's boxes, each with its score.\n\n{markdown(tables[f'{kind}_tiers'])}\n"
        f"{_bounds(audits)}By area (small: under 32², large: over 96² px²):\n\n{markdown(tables[f'{kind}_areas'])}\n"
        f"{markdown(tables[f'{kind}_classes'])}{_quality(kind, tables)}"
    )


def _bounds(audits: Sequence[Mapping[str, Any]]) -> str:
    """Return the bounds of the audits behind boxes of the tier `audited`."""
    if not audits:
        return ""
    lines = [f"- {str(one[WORDS]).replace(one['model'], markdown_text(one['model']))}" for one in audits]
    head = "Audits (an image counts as wrong if a box is missing, superfluous, misplaced or of a wrong class):"
    return "\n".join([head, "", *lines, "\n"])


def _quality(kind: LabelKind, tables: Mapping[str, pl.DataFrame]) -> str:
    table = tables.get(f"{kind}_detector")
    if table is None or not table.height:
        return ""
    return (
        f"\nThe detector's scores on the {table['images'][0]:,} images that people reviewed and it has processed:"
        f"\n\n{markdown(table.drop('images'))}"
    )


def _loading(version: str, kinds: Present, least_score: float) -> str:
    if not kinds:
        return ""
    kind = next(iter(kinds))
    return f"""## Loading

```python
from datasets import load_dataset

{kind} = load_dataset("{version}", "{kind}")  # rows: image, objects (bbox, category, …), split, reviewed, tier, model

from lap_assets.labels.dataset import LapDataset

{kind} = LapDataset("{version}", "{kind}", split="train")  # for torchvision's detection models
```

Evaluation sets, only with people's boxes: `coco/<kind>_reviewed_test.json` and `yolo/<kind>_reviewed` (one class),
`coco/<kind>_classed.json` and `yolo/<kind>_classed` (every box has a class); absent if nothing was reviewed.
`coco/<kind>_regions_test.json` has all images of the split; an unreviewed image is one ignored region (`iscrowd`).
Image ids are the same in all COCO files.

The YOLO and VOC folders include a detector's boxes with a score of {least_score:g} or more.

Other formats: COCO in `coco/{kind}_train.json`, YOLO (ultralytics) in `yolo/{kind}/data.yaml`, Pascal VOC in
`voc/{kind}`. All refer to the same images.
"""
