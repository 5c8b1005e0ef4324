"""Release assets: the released folder."""

import dagster as dg
import polars as pl

from lap_assets.assets.pictures import png
from lap_assets.assets.versions import megabytes
from lap_assets.partitions import ALL
from lap_assets.release.content import Inputs, Made, made_of
from lap_assets.release.labels import KINDS, PEOPLE, Kind
from lap_assets.release.layout import CHANGES, FORMAT
from lap_assets.release.provenance import provenance
from lap_assets.release.splits import parse_shares
from lap_assets.release.statistics import markdown, plots
from lap_assets.release.writer import Release, write_release
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace

_INPUTS = (
    "resized_images", "dedup_decisions", "mal_posters", "wa_posters", "baseline_face_boxes", "baseline_head_boxes",
)  # fmt: skip
_EVERYWHERE = {"allow_missing_partitions": True}


def release_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """The release; how it is split and licensed is part of what it is made of."""

    @dg.asset(
        group_name="release",
        kinds={"jpeg", "csv"},
        code_version=f"{FORMAT}-{settings.splits}-{settings.annotations_licence}",
        ins={name: dg.AssetIn(partition_mapping=ALL, metadata=_EVERYWHERE) for name in _INPUTS},
    )
    def lap_dataset(
        context: dg.AssetExecutionContext,
        workplace: dg.ResourceParam[Workplace],
        resized_images: dict[str, pl.DataFrame],
        dedup_decisions: dict[str, pl.DataFrame],
        mal_posters: dict[str, pl.DataFrame],
        wa_posters: dict[str, pl.DataFrame],
        baseline_face_boxes: dict[str, pl.DataFrame],
        baseline_head_boxes: dict[str, pl.DataFrame],
    ) -> dg.Output[pl.DataFrame]:
        """The released folder: images, labels in five formats, splits, where all came from, statistics, checksums."""
        place = workplace.logging_to(context.log.info)
        baseline: dict[Kind, pl.DataFrame] = {
            "faces": pl.concat(baseline_face_boxes.values()),
            "heads": pl.concat(baseline_head_boxes.values()),
        }
        inputs = Inputs(
            images=pl.concat(resized_images.values()),
            decisions=pl.concat(dedup_decisions.values()),
            posters=pl.concat([*mal_posters.values(), *wa_posters.values()]),
            baseline=baseline,
            refined={kind: pl.DataFrame(schema=PEOPLE) for kind in KINDS},
            classes={},
            provenance=provenance(settings, baseline),
            shares=parse_shares(settings.splits),
        )
        made = made_of(inputs, place.home)
        release = write_release(made.content, place.home, place.progress)
        return dg.Output(made.manifest, data_version=dg.DataVersion(release.digest[:32]), metadata=_told(made, release))

    return [lap_dataset]


def _told(made: Made, release: Release) -> dict[str, dg.MetadataValue | str | int | float]:
    changed = (release.path / CHANGES).read_text()
    return {
        "version": release.version,
        "folder": dg.MetadataValue.path(str(release.path)),
        "images": release.images,
        "removed posters": made.removed.height,
        "MB": megabytes(made.manifest),
        "is new": release.is_new,
        **{f"{kind} labeled": int(made.manifest[kind].fill_null(0).sum()) for kind in KINDS},
        **{f"{kind} reviewed images": int(made.manifest[f"{kind}_reviewed"].sum()) for kind in KINDS},
        "what changed": dg.MetadataValue.md(changed),
        **{name.replace("_", " "): dg.MetadataValue.md(markdown(made.tables[name])) for name in ("splits", "removed")},
        **{f"plot of {name.replace('_', ' ')}": png(picture) for name, picture in plots(made.tables).items()},
    }
