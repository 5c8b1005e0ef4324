"""Release assets: the released folder."""

import dagster as dg
import polars as pl

from lap_assets.assets.versions import megabytes
from lap_assets.cluster.queues import CPU, on
from lap_assets.partitions import ALL
from lap_assets.release.lists import release_manifest, removed_posters
from lap_assets.release.writer import FORMAT, write_release
from lap_assets.workplace import Workplace

_INPUTS = ("resized_images", "dedup_decisions", "mal_posters", "wa_posters")


@dg.asset(
    group_name="release",
    kinds={"jpeg", "csv"},
    op_tags=on(CPU),
    code_version=FORMAT,
    ins={name: dg.AssetIn(partition_mapping=ALL, metadata={"allow_missing_partitions": True}) for name in _INPUTS},
)
def lap_dataset(
    context: dg.AssetExecutionContext,
    workplace: dg.ResourceParam[Workplace],
    resized_images: dict[str, pl.DataFrame],
    dedup_decisions: dict[str, pl.DataFrame],
    mal_posters: dict[str, pl.DataFrame],
    wa_posters: dict[str, pl.DataFrame],
) -> dg.Output[pl.DataFrame]:
    """The released folder: images, a manifest of where each came from, the removed posters, checksums."""
    place = workplace.logging_to(context.log.info)
    posters = pl.concat([*mal_posters.values(), *wa_posters.values()])
    manifest = release_manifest(pl.concat(resized_images.values()), posters)
    removed = removed_posters(pl.concat(dedup_decisions.values()), posters)
    release = write_release(manifest, removed, place.home, place.progress)
    return dg.Output(
        manifest,
        data_version=dg.DataVersion(release.digest[:32]),
        metadata={
            "version": release.version,
            "folder": dg.MetadataValue.path(str(release.path)),
            "images": release.images,
            "removed posters": removed.height,
            "MB": megabytes(manifest),
            "is new": release.is_new,
        },
    )
