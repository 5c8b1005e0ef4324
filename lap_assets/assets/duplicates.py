"""Duplicate assets: hashes of every poster, and the pairs that some rule asks about."""

import dagster as dg
import polars as pl

from lap_assets.assets.pictures import pair_sheet
from lap_assets.assets.versions import content_version, last_table
from lap_assets.duplicates import hash_table as hashes
from lap_assets.duplicates.candidate_pairs import find_hash_pairs
from lap_assets.duplicates.rules import rules_from
from lap_assets.partitions import LOWER_OR_SAME, SUBFOLDER_PARTITIONS
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace


def duplicate_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """The assets of this group; the table of rules is part of what `hash_pairs` is made of."""
    rules = rules_from(settings.rules)

    @dg.asset(
        group_name="duplicates",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        code_version=hashes.METHOD,
    )
    def image_hashes(
        context: dg.AssetExecutionContext,
        workplace: dg.ResourceParam[Workplace],
        mal_posters: pl.DataFrame,
        wa_posters: pl.DataFrame,
    ) -> dg.Output[pl.DataFrame]:
        """Size and average, perceptual and difference hash of every poster; one that cannot be read is set aside."""
        place = workplace.logging_to(context.log.info)
        before = last_table(place.home.tables, "image_hashes", context.partition_key, list(hashes.SCHEMA))
        table = hashes.hash_table(
            pl.concat([mal_posters, wa_posters]),
            before=before,
            home=place.home,
            title=f"hashes {context.partition_key}",
            progress=place.progress,
        )
        broken = table.filter(pl.col("problem").is_not_null())
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={
                "posters": table.height,
                "set aside": broken.height,
                **({"problems": dg.MetadataValue.md("\n".join(f"- {p}" for p in broken["problem"].head(50)))}
                   if broken.height else {}),
            },
        )  # fmt: skip

    @dg.asset(
        group_name="duplicates",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        code_version=f"1-{rules.digest()}",
        ins={"image_hashes": dg.AssetIn(partition_mapping=LOWER_OR_SAME, metadata={"allow_missing_partitions": True})},
    )
    def hash_pairs(
        context: dg.AssetExecutionContext, workplace: dg.ResourceParam[Workplace], image_hashes: dict[str, pl.DataFrame]
    ) -> dg.Output[pl.DataFrame]:
        """Pairs of posters within this subfolder, and between it and lower ones, as far as any rule asks."""
        own = image_hashes[context.partition_key]
        lower = [table for key, table in sorted(image_hashes.items()) if key != context.partition_key]
        table = find_hash_pairs(own, pl.concat(lower) if lower else None, rules)
        shown = table.sort("ahash", "first", "second").with_columns(
            caption=pl.format("aHash {} pHash {} dHash {}", "ahash", "phash", "dhash")
        )
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={
                "pairs": table.height,
                "compared posters": own.height,
                "compared with": sum(part.height for part in lower),
                "sample": pair_sheet(shown, workplace.home),
            },
        )

    return [image_hashes, hash_pairs]
