"""Duplicate assets: hashes and vectors of every poster, and the pairs within the widest range of the rules."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from lap_assets.assets.models import POOL, Chosen, partition_job, problem_list
from lap_assets.assets.pictures import pair_sheet
from lap_assets.core.sites import sites
from lap_assets.duplicates import embedding_table as embeddings
from lap_assets.duplicates import hash_table as hashes
from lap_assets.duplicates.candidate_pairs import find_hash_pairs
from lap_assets.duplicates.rules import Rules
from lap_assets.models.types import Embedder
from lap_assets.partitions import LOWER_OR_SAME, SUBFOLDER_PARTITIONS
from lap_assets.posters.manifest import together
from lap_assets.queues import CPU, on
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version, last_table


def hash_assets(rules: Rules) -> list[dg.AssetsDefinition]:
    """Return hashes and their pairs; the table of rules is part of the code version of `hash_pairs`."""

    @dg.asset(
        group_name="duplicates",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        code_version=hashes.METHOD,
        ins=_manifests(),
    )
    def image_hashes(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        **manifests: pl.DataFrame,
    ) -> dg.Output[pl.DataFrame]:
        """Size and average, perceptual and difference hash of every poster; a problem for unreadable ones."""
        run = run_context.logging_to(context.log.info)
        previous = last_table(run.home.tables, "image_hashes", context.partition_key, list(hashes.SCHEMA))
        table = hashes.hash_table(
            together(manifests[entry.posters_asset] for entry in sites()),
            previous=previous,
            home=run.home,
            limits=run.settings.picture_limits,
            title=f"hashes {context.partition_key}",
            progress=run.progress,
        )
        broken = table.filter(pl.col("problem").is_not_null())
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={
                "posters": table.height,
                "unreadable": broken.height,
                "damaged": table["damage"].count(),
                **problem_list(table),
                **_damaged(table),
            },
        )

    @dg.asset(
        group_name="duplicates",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        code_version=f"2-{rules.digest()}",
        ins={"image_hashes": dg.AssetIn(partition_mapping=LOWER_OR_SAME, metadata={"allow_missing_partitions": True})},
    )
    def hash_pairs(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        image_hashes: dict[str, pl.DataFrame],
    ) -> dg.Output[pl.DataFrame]:
        """Pairs of posters within this subfolder, and between it and lower ones, up to the widest range of a rule."""
        own, lower = _own_and_lower(image_hashes, context.partition_key)
        table = find_hash_pairs(own, lower, rules)
        sample = table.sort("ahash", "first", "second").with_columns(
            caption=pl.format("aHash {} pHash {} dHash {}", "ahash", "phash", "dhash")
        )
        return _pairs(table, sample, own, lower, run_context)

    return [image_hashes, hash_pairs]


def _damaged(table: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    """Return metadata: the files that are readable but have wrong or missing data, if any."""
    rows = table.drop_nulls("damage").select("name", "damage").head(50).iter_rows()
    lines = [f"- {name}: {damage}" for name, damage in rows]
    return {"damaged files": dg.MetadataValue.md("\n".join(lines))} if lines else {}


def _manifests() -> dict[str, dg.AssetIn]:
    """Return the posters of every site as inputs."""
    return {entry.posters_asset: dg.AssetIn() for entry in sites()}


def embedding_assets(chosen: Chosen[Embedder], rules: Rules) -> list[dg.AssetsDefinition]:
    """Return vectors and their pairs. The code version of vectors contains the model, that of pairs the rules."""
    version = f"{embeddings.METHOD}-{chosen.version}"

    @dg.asset(
        group_name="duplicates",
        kinds={"pytorch", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(chosen.queue),
        pool=POOL,
        code_version=version,
        ins=_manifests(),
    )
    def vit_embeddings(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        **manifests: pl.DataFrame,
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        """A vector of norm 1 for every poster: vectors find near-duplicates that hashes may miss."""
        run, key = run_context.logging_to(context.log.info), context.partition_key
        table = pl.DataFrame(schema=embeddings.SCHEMA)
        with partition_job(run, "vit_embeddings", key, "vectors") as job:
            if not chosen.is_none:
                table = embeddings.embedding_table(
                    together(manifests[entry.posters_asset] for entry in sites()),
                    model=version,
                    load=chosen.load,
                    previous=last_table(
                        run.home.tables, "vit_embeddings", key, embeddings.SCHEMA.names(), added=embeddings.ADDED
                    ),
                    home=run.home,
                    job=job,
                )
            yield dg.Output(
                table,
                data_version=content_version(table),
                metadata={
                    **chosen.metadata(),
                    "posters": table.height,
                    "unreadable": table["problem"].count(),
                    **problem_list(table),
                },
            )

    @dg.asset(
        group_name="duplicates",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        pool="vectors",  # it holds the vectors of all lower subfolders: one step at a time bounds the memory
        code_version=f"2-{rules.digest()}",
        ins={
            "hash_pairs": dg.AssetIn(),
            "vit_embeddings": dg.AssetIn(partition_mapping=LOWER_OR_SAME, metadata={"allow_missing_partitions": True}),
        },
    )
    def embedding_pairs(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        hash_pairs: pl.DataFrame,
        vit_embeddings: dict[str, pl.DataFrame],
    ) -> dg.Output[pl.DataFrame]:
        """Pairs of near vectors within this subfolder, and between it and lower ones, and all pairs found by hashes."""
        own, lower = _own_and_lower(vit_embeddings, context.partition_key)
        table = embeddings.find_embedding_pairs(own, lower, rules, hash_pairs)
        sample = table.sort("cosine", "first", "second").with_columns(
            caption=pl.format("cosine {}", pl.col("cosine").round(3))
        )
        return _pairs(table, sample, own, lower, run_context)

    return [vit_embeddings, embedding_pairs]


def _pairs(
    table: pl.DataFrame, sample: pl.DataFrame, own: pl.DataFrame, lower: pl.DataFrame, run_context: RunContext
) -> dg.Output[pl.DataFrame]:
    """Return a table of pairs with its counts, and a sheet of the first pairs of `sample`."""
    return dg.Output(
        table,
        data_version=content_version(table),
        metadata={
            "pairs": table.height,
            "compared posters": own.height,
            "compared with": lower.height,
            "sample": pair_sheet(sample, run_context.home),
        },
    )


def _own_and_lower(tables: dict[str, pl.DataFrame], key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return a subfolder's table, and the rows of all lower subfolders as one table."""
    own = tables[key]
    lower = [table for other, table in sorted(tables.items()) if other != key]
    return own, pl.concat([own.clear(), *lower], how="diagonal")  # older tables lack newer columns
