"""Statistics of a release as tables and plots: posters, boxes, their sizes and classes, removed posters, splits."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.matching import AREAS
from lap_assets.labels.report import detector_report
from lap_assets.pictures.plot import bar_plot
from lap_assets.release.labels import Labeled

FOLDER: Final = "statistics"
_SIDES: Final = (0, 16, 32, 64, 96, 128, 192, 256, 384, 512, 1024)  # px
_MOST_BOXES: Final = 15  # per image; images with more are counted together
Tables = dict[str, pl.DataFrame]


def statistics(manifest: pl.DataFrame, removed: pl.DataFrame, labels: Mapping[LabelKind, Annotations]) -> Tables:
    """Return the tables by name. `manifest`, `removed`: the release's lists; `labels`: the best labels of each kind."""
    tables = {
        "posters": _posters(manifest),
        "splits": _splits(manifest, labels),
        "changes_to_images": manifest.group_by("action").len("images").sort("action"),
        "removed": removed.group_by("decision", "by", "rule").len("posters").sort("decision", "by", "rule"),
        "removed_distances": _distances(removed),
    }
    for kind, of_kind in labels.items():
        boxes = box_frame(of_kind)
        tables[f"{kind}_an_image"] = _an_image(of_kind)
        tables[f"{kind}_sizes"] = _sizes(boxes)
        tables[f"{kind}_areas"] = _areas(boxes)
        tables[f"{kind}_classes"] = boxes.group_by("class").len("boxes").sort("class")
        tables[f"{kind}_tiers"] = _tiers(of_kind)
    return tables


def quality(labels: Mapping[LabelKind, Labeled]) -> Tables:
    """Return the scores of each kind's detector on reviewed images; kinds without such images are left out."""
    tables = {}
    for kind, of_kind in labels.items():
        reviewed = {image.name for image in of_kind.people.images if image.reviewed}
        if of_kind.machine.images and not reviewed.isdisjoint(image.name for image in of_kind.machine.images):
            table, _ = detector_report(kind, of_kind.people, of_kind.machine)
            tables[f"{kind}_detector"] = table.drop("kind").with_columns(pl.col(pl.Float64).round(4))
    return tables


def plots(tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Return the plots as PNG by name."""
    bars = {
        "posters": ("subfolder", "images", "released images by subfolder", ""),
        **{f"{kind}_an_image": (kind, "images", f"images by number of {kind}", f"{kind} per image")
           for kind in LABEL_KINDS},
        **{f"{kind}_sizes": ("longer_side", "boxes", f"{kind} by their longer side", "px, up to the next")
           for kind in LABEL_KINDS},
    }  # fmt: skip
    drawn = {}
    for name, (across, up, title, below) in bars.items():
        if name in tables and tables[name].height:
            rows = tables[name].group_by(across, maintain_order=True).agg(pl.col(up).sum())
            drawn[name] = bar_plot([(str(position), value) for position, value in rows.iter_rows()], title, below)
    distances = tables["removed_distances"]
    for measure in distances["measure"].unique().sort().to_list():
        rows = distances.filter(pl.col("measure") == measure).select("distance", "posters")
        shown = [(f"{distance:g}", count) for distance, count in rows.iter_rows()]
        drawn[f"removed_{measure}"] = bar_plot(shown, f"removed posters by {measure}", "distance")
    return drawn


def files(tables: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, bytes]]:
    """Yield tables as CSV and plots as PNG: path and bytes."""
    for name, table in tables.items():
        yield f"{FOLDER}/{name}.csv", table.write_csv().encode()
    for name, png in plots(tables).items():
        yield f"{FOLDER}/{name}.png", png


def box_frame(labels: Annotations) -> pl.DataFrame:
    """Return one row per box: image, class, width and height in px."""
    names = labels.names()
    rows = [
        (image.name, names[labels.id_of(box)], box.width, box.height) for image in labels.images for box in image.boxes
    ]
    schema = {"image": pl.String, "class": pl.String, "width": pl.Float64, "height": pl.Float64}
    return pl.DataFrame(rows, schema, orient="row")


def markdown(table: pl.DataFrame) -> str:
    """Return a table as Markdown."""
    lines = [f"| {' | '.join(table.columns)} |", f"|{'---|' * table.width}"]
    lines += [f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |" for row in table.iter_rows()]
    return "\n".join(lines) + "\n"


def _posters(manifest: pl.DataFrame) -> pl.DataFrame:
    return (
        manifest.group_by("subfolder", "source")
        .agg(images=pl.len(), anime=pl.col("mal_id").n_unique(), MB=(pl.col("bytes").sum() / 1e6).round(1))
        .sort("subfolder", "source")
    )


def _splits(manifest: pl.DataFrame, labels: Mapping[LabelKind, Annotations]) -> pl.DataFrame:
    counts = manifest.group_by("split").agg(
        images=pl.len(), anime=pl.col("mal_id").n_unique(), groups=pl.col("group").n_unique()
    )
    for kind, of_kind in labels.items():
        rows = [(image.split, len(image.boxes)) for image in of_kind.images]
        boxes = pl.DataFrame(rows, {"split": pl.String, kind: pl.Int64}, orient="row").group_by("split").sum()
        counts = counts.join(boxes, on="split", how="left")
    return counts.sort(pl.col("split").replace_strict({"train": 0, "val": 1, "test": 2}, return_dtype=pl.Int8))


def _an_image(labels: Annotations) -> pl.DataFrame:
    counts = pl.Series("boxes", [min(len(image.boxes), _MOST_BOXES) for image in labels.images], pl.Int64)
    rows = pl.DataFrame({"boxes": range(_MOST_BOXES + 1)}).join(
        counts.value_counts(name="images"), on="boxes", how="left"
    )
    named = pl.when(pl.col("boxes") < _MOST_BOXES).then(pl.col("boxes").cast(pl.String))
    return rows.select(
        named.otherwise(pl.lit(f"{_MOST_BOXES}+")).alias(f"{labels.thing}s"), pl.col("images").fill_null(0)
    )


def _sizes(boxes: pl.DataFrame) -> pl.DataFrame:
    longer = pl.max_horizontal("width", "height")
    return pl.DataFrame(
        {
            "longer_side": list(_SIDES),
            "boxes": [
                boxes.filter((longer >= low) & (longer < high)).height
                for low, high in zip(_SIDES, (*_SIDES[1:], float("inf")), strict=True)
            ],
        }
    )


def _areas(boxes: pl.DataFrame) -> pl.DataFrame:
    area = pl.col("width") * pl.col("height")
    rows = [
        (size, boxes.filter((area >= low) & (area < high)).height)
        for size, (low, high) in AREAS.items()
        if size != "all"
    ]
    return pl.DataFrame(rows, {"size": pl.String, "boxes": pl.Int64}, orient="row")


def _tiers(labels: Annotations) -> pl.DataFrame:
    rows = [(image.tier, image.reviewed, len(image.boxes)) for image in labels.images]
    schema = {"tier": pl.String, "reviewed": pl.Boolean, "boxes": pl.Int64}
    counts = pl.DataFrame(rows, schema, orient="row").group_by("tier", "reviewed")
    return counts.agg(images=pl.len(), boxes=pl.col("boxes").sum()).sort("tier", "reviewed")


def _distances(removed: pl.DataFrame) -> pl.DataFrame:
    """Count removed posters by distance: cosine in steps of 0.02, hashes by bits."""
    step = pl.when(pl.col("measure") == "cosine").then(0.02).otherwise(1.0)
    return (
        removed.filter(pl.col("distance").is_not_null())
        .with_columns(distance=((pl.col("distance") / step).floor() * step).round(2))
        .group_by("measure", "distance")
        .len("posters")
        .sort("measure", "distance")
    )
