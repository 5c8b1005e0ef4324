"""The content of a release, from the graph's tables: manifests, splits, labels, and all files written from them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.labels.annotations import SPLITS, Split
from lap_assets.labels.formats import coco
from lap_assets.release import label_files, statistics
from lap_assets.release.box_tables import path_of
from lap_assets.release.card import card
from lap_assets.release.croissant import croissant
from lap_assets.release.diff import changes
from lap_assets.release.labels import Present, labeled
from lap_assets.release.layout import CARD, CHANGES, CITATION, CROISSANT, MANIFEST, PROVENANCE, REMOVED
from lap_assets.release.manifests import mal_ids, release_manifest, removed_posters, with_labels, with_splits
from lap_assets.release.splits import assign, groups
from lap_assets.release.texts import REPLICA, citation
from lap_assets.release.writer import Content, released

_PART = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The graph's tables, all partitions together, and their provenance.

    Attributes:
        images: As in `pictures.cleaning`.
        decisions: As in `duplicates.resolution`.
        posters: Both sites' manifests.
        baseline: Detected boxes by kind, as in `labels.detection`.
        refined: People's boxes by kind, as in `labels.refined`.
        classes: Class names by number.
        provenance: Settings and models, including `annotations licence`.
        shares: The fraction of all groups in each split.
    """

    images: pl.DataFrame
    decisions: pl.DataFrame
    posters: pl.DataFrame
    baseline: Mapping[LabelKind, pl.DataFrame]
    refined: Mapping[LabelKind, pl.DataFrame]
    classes: Mapping[int, str]
    provenance: Mapping[str, Any]
    shares: Mapping[Split, float]


@dataclass(frozen=True, slots=True)
class ReleaseParts:
    """A release's content, and the tables for an asset's metadata."""

    content: Content
    manifest: pl.DataFrame
    removed: pl.DataFrame
    tables: statistics.Tables


def assemble(inputs: Inputs, home: Home) -> ReleaseParts:
    """Assemble a release; images keep their splits from the newest release in `home`."""
    is_drawn = REPLICA in inputs.provenance
    plain = release_manifest(inputs.images, inputs.posters, is_drawn=is_drawn)
    removed = removed_posters(inputs.decisions, inputs.posters, is_drawn=is_drawn)
    copies = inputs.decisions.filter(pl.col("partner").is_not_null()).select("name", "partner").rows()
    ids = mal_ids({*plain["name"], *(name for pair in copies for name in pair)})
    own = {name: ids[name] for name in plain["name"]}
    group_of = groups(own.values(), [(ids[one], ids[other]) for one, other in copies])
    splits = assign(own, group_of, _released_splits(home), inputs.shares)
    labels = {
        kind: labeled(plain, inputs.baseline[kind], inputs.refined[kind], kind=kind, classes=inputs.classes,
                      splits=splits)
        for kind in LABEL_KINDS
    }  # fmt: skip
    best = {kind: of_kind.best for kind, of_kind in labels.items() if of_kind.best.images}
    manifest = with_labels(
        with_splits(plain, splits, {name: group_of[mal_id] for name, mal_id in own.items()}),
        {kind: labels[kind].best for kind in LABEL_KINDS},
    )
    tables = statistics.statistics(manifest, removed, best) | statistics.quality(labels)
    provenance = json.dumps(inputs.provenance, indent=1, ensure_ascii=False) + "\n"
    seed = dict(label_files.original_files(labels, _order(manifest)))
    least_score = float(inputs.provenance.get("least score of a machine's boxes", 0))
    texts = {kind: coco.text(of_kind) for kind, of_kind in best.items()}
    core = (
        manifest.drop("fetched").write_csv(), removed.write_csv(), provenance,
        *(f"{name}\n{data.decode()}" for name, data in seed.items()),
        *texts.values(),
    )  # fmt: skip

    def files(version: str) -> Iterator[_PART]:
        yield MANIFEST, manifest.write_csv().encode()
        yield REMOVED, removed.write_csv().encode()
        yield PROVENANCE, provenance.encode()
        yield from seed.items()
        for kind, of_kind in best.items():
            yield from label_files.format_files(kind, of_kind, texts[kind], least_score)
        yield from statistics.files(tables)
        days = _days(manifest)
        text = card(version, tables, kinds, inputs.provenance, images=manifest.height, removed=removed.height,
                    days=days)  # fmt: skip
        yield CARD, text.encode()
        yield CITATION, citation(version, days[1], licence, is_drawn=is_drawn).encode()

    kinds = {kind: label_files.splits_of(of_kind) for kind, of_kind in best.items()}
    licence, day = str(inputs.provenance["annotations licence"]), _days(manifest)[1]
    last = partial(_last, kinds=kinds, licence=licence, day=day, is_drawn=is_drawn)
    content = Content(manifest, core, files, label_files.trees(best), last)
    return ReleaseParts(content, manifest, removed, tables)


def _last(
    staged: Path, previous: Path | None, *, kinds: Present, licence: str, day: str, is_drawn: bool
) -> Iterator[_PART]:
    """Yield the files that describe the others."""
    tables = [f"parquet/{kind}/{split}/metadata.parquet" for kind, splits in kinds.items() for split in splits]
    tables += [path_of(kind) for kind in kinds]
    sums = {path: sha256_of(staged / path) for path in (MANIFEST, *tables)}
    subfolders = sorted(path.name for path in staged.iterdir() if path.is_dir() and path.name.isdigit())
    version = staged.name.split(".")[1]
    description = croissant(version, sums, kinds, licence, day, subfolders=subfolders, is_drawn=is_drawn)
    yield CROISSANT, description.encode()
    yield CHANGES, (changes(previous, staged) if previous else f"# {version}\n\nThe first release.\n").encode()


def _order(manifest: pl.DataFrame) -> dict[str, int]:
    return {f"{k}/{name}": index for index, (k, name) in enumerate(manifest.select("subfolder", "name").iter_rows())}


def _days(manifest: pl.DataFrame) -> tuple[str, str]:
    days = manifest["fetched"].drop_nulls()
    return (str(days.min()), str(days.max())) if days.len() else ("", "")


def _released_splits(home: Home) -> dict[str, tuple[int, Split]]:
    """Return MAL id and split of each image of the newest release."""
    versions = released(home.release)
    if not versions:
        return {}
    table = pl.read_csv(versions[-1] / MANIFEST, infer_schema=False)
    if "split" not in table.columns:
        return {}
    known: dict[str, Split] = {split: split for split in SPLITS}
    rows = table.select("name", "split").filter(pl.col("split").is_in(list(SPLITS))).rows()
    ids = mal_ids(name for name, _ in rows)
    return {name: (ids[name], known[split]) for name, split in rows}
