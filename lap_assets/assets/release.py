"""Release assets: the released folder, and the report on the detectors (`detector_report`)."""

import hashlib
from collections.abc import Mapping

import dagster as dg
import polars as pl

from lap_assets.assets.all_subfolders import BOXES, Tables, all_partitions_of, by_kind, concatenated, parts_of
from lap_assets.assets.detector_report import report_asset
from lap_assets.assets.pictures import png
from lap_assets.core.errors import TableError
from lap_assets.core.home import Home
from lap_assets.core.labels.files import CLASSES, LABEL_KINDS
from lap_assets.core.labels.lists import read_classes
from lap_assets.core.sites import sites
from lap_assets.metadata import CLASSES_PART, partial
from lap_assets.posters.manifest import together
from lap_assets.queues import CPU, RELEASE, in_one_run, on
from lap_assets.release.content import Inputs, ReleaseParts, assemble
from lap_assets.release.label_audits import label_audits
from lap_assets.release.layout import CHANGES, FORMAT
from lap_assets.release.provenance import provenance
from lap_assets.release.statistics import markdown, plots
from lap_assets.release.writer import Release, write_release
from lap_assets.resources import home_records
from lap_assets.review.audit import newest_audit
from lap_assets.run_context import RunContext
from lap_assets.setting_texts import parse_shares
from lap_assets.settings import Settings
from lap_assets.sites.scrapes import unfinished_scrapes
from lap_assets.versions import megabytes


def release_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the release and the report; splits, licence and classes are part of the release's code version."""
    path = Home(settings.home.absolute()).labels / CLASSES
    classes, faults = read_classes(path)
    made_with = (
        settings.splits,
        settings.annotations_licence,
        f"least score: {settings.least_score}",
        *((f"permission: {settings.permission}",) if settings.permission else ()),
    )
    of_classes = _digest(*(f"{n}:{name}" for n, name in sorted(classes.items())))

    @dg.asset(
        group_name="release",
        kinds={"jpeg", "csv"},
        op_tags=on(CPU),
        tags=in_one_run(RELEASE),
        code_version=f"{FORMAT}-{_digest(*made_with)}{CLASSES_PART}{of_classes}",
        ins=all_partitions_of("resized_images", "dedup_decisions", *BOXES, *(entry.posters_asset for entry in sites())),
    )
    def lap_dataset(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        resized_images: Tables,
        dedup_decisions: Tables,
        baseline_face_boxes: Tables,
        baseline_head_boxes: Tables,
        refined_face_boxes: Tables,
        refined_head_boxes: Tables,
        **manifests: Tables | pl.DataFrame | None,
    ) -> dg.Output[pl.DataFrame]:
        """The released folder: images, labels in five formats, splits, provenance, statistics, checksums."""
        run = run_context.logging_to(context.log.info)
        for fault in faults:
            context.log.warning(str(fault))
        baseline = by_kind(baseline_face_boxes, baseline_head_boxes)
        unfinished = [str(scrape) for scrape in unfinished_scrapes(run_context)]
        by_asset = {
            "resized_images": resized_images,
            "dedup_decisions": dedup_decisions,
            "baseline_face_boxes": baseline_face_boxes,
            "baseline_head_boxes": baseline_head_boxes,
            "refined_face_boxes": refined_face_boxes,
            "refined_head_boxes": refined_head_boxes,
            **manifests,
        }
        _check_complete(by_asset, context.instance, run.home)
        refined = by_kind(refined_face_boxes, refined_head_boxes)
        review = run.home.labels
        inputs = Inputs(
            images=concatenated(resized_images),
            decisions=concatenated(dedup_decisions),
            posters=together(table for entry in sites() for table in parts_of(manifests[entry.posters_asset])),
            baseline=baseline,
            refined=refined,
            classes=classes,
            provenance=provenance(settings, baseline, unfinished, newest_audit(review), label_audits(review, refined)),
            shares=parse_shares(settings.splits),
        )
        parts = assemble(inputs, run.home)
        release = write_release(parts.content, run.home, run.progress)
        return dg.Output(
            parts.manifest,
            data_version=dg.DataVersion(release.digest[:32]),
            metadata={**_metadata(parts, release), **partial(unfinished)},
        )

    return [lap_dataset, report_asset(settings)]


def _digest(*parts: str) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def _check_complete(
    loaded: Mapping[str, Tables | pl.DataFrame | None], instance: dg.DagsterInstance, home: Home
) -> None:
    """Check that every partition of an input that was ever made is in the release.

    Raises:
        TableError: one is missing; the message names the asset.
    """
    with home_records(instance, home) as records:
        for asset, tables in loaded.items():
            made, present = len(records.get_materialized_partitions(dg.AssetKey(asset))), len(parts_of(tables))
            if present < made:
                raise TableError(
                    f"the release would have {present} of the {made} subfolders of {asset}; `lap refresh` makes the"
                    " missing ones again"
                )


def _metadata(parts: ReleaseParts, release: Release) -> dict[str, dg.MetadataValue | str | int | float]:
    changed = (release.path / CHANGES).read_text()
    return {
        "version": release.version,
        "folder": dg.MetadataValue.path(str(release.path)),
        "images": release.images,
        "removed posters": parts.removed.height,
        "MB": megabytes(parts.manifest),
        "is new": release.is_new,
        **{f"{kind} labeled": int(parts.manifest[kind].fill_null(0).sum()) for kind in LABEL_KINDS},
        **{f"{kind} reviewed images": int(parts.manifest[f"{kind}_reviewed"].sum()) for kind in LABEL_KINDS},
        "what changed": dg.MetadataValue.md(changed),
        **{name.replace("_", " "): dg.MetadataValue.md(markdown(parts.tables[name])) for name in ("splits", "removed")},
        **{f"plot of {name.replace('_', ' ')}": png(picture) for name, picture in plots(parts.tables).items()},
    }
