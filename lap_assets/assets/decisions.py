"""Decision assets: people's verdicts, what becomes of each poster, and what people have still to decide."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from lap_assets.assets.pictures import pair_sheet
from lap_assets.core.plain_text import markdown
from lap_assets.core.verdicts.log import conflicts, read_verdicts
from lap_assets.duplicates.candidate_pairs import merge_pairs
from lap_assets.duplicates.candidates import candidate_list, write_candidates
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import MEASURE_TITLES, Rules
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.metadata import AWAITING
from lap_assets.partitions import ALL, SUBFOLDER_PARTITIONS
from lap_assets.queues import CPU, on
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version


@dg.asset(
    group_name="decisions", kinds={"python"}, partitions_def=SUBFOLDER_PARTITIONS, op_tags=on(CPU), code_version="1"
)
def review_verdicts(
    context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
) -> dg.Output[pl.DataFrame]:
    """The active verdicts of the review tools about this subfolder's pairs and posters."""
    verdicts = read_verdicts([run_context.home.verdicts / f"{context.partition_key}.jsonl"])
    table = verdicts_table(verdicts)
    for problem in verdicts.problems:
        context.log.warning(str(problem))
    odd = [f"- {markdown(line)}" for line in (*verdicts.problems, *conflicts(verdicts))]
    return dg.Output(
        table,
        data_version=content_version(table),
        metadata={
            "verdicts": table.height,
            "conflicts": int(table["conflict"].sum()),
            **({"to look at": dg.MetadataValue.md("\n".join(odd[:50]))} if odd else {}),
        },
    )


def resolution_assets(rules: Rules) -> list[dg.AssetsDefinition]:
    """The decisions and the candidates: two outputs of one resolution over all subfolders."""
    version = f"3-{rules.digest()}"
    everywhere = {"allow_missing_partitions": True}

    @dg.multi_asset(
        name="resolution",
        group_name="decisions",
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        can_subset=True,  # a person may ask for one alone; a pass makes both at once
        pool="resolution",  # it holds every subfolder's posters and pairs: one at a time bounds the memory
        outs={
            "dedup_decisions": dg.AssetOut(
                description="Keep or remove, for each poster of this subfolder: by which rule or person, for which.",
                code_version=version,
                is_required=False,
                kinds={"python", "polars"},
            ),
            "review_candidates": dg.AssetOut(
                description="The exported list: pairs that a person has still to decide, best candidates first.",
                code_version=version,
                is_required=False,
                kinds={"python", "polars"},
            ),
        },
        ins={
            name: dg.AssetIn(partition_mapping=ALL, metadata=everywhere)
            for name in ("image_hashes", "hash_pairs", "embedding_pairs", "review_verdicts")
        },
    )
    def resolution(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        image_hashes: dict[str, pl.DataFrame],
        hash_pairs: dict[str, pl.DataFrame],
        embedding_pairs: dict[str, pl.DataFrame],
        review_verdicts: dict[str, pl.DataFrame],
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        subfolder = context.partition_key
        posters = _together(image_hashes)
        pairs = merge_pairs(_together(hash_pairs), _together(embedding_pairs))
        resolved = resolve(posters, pairs, _together(review_verdicts), rules)
        for line in resolved.conflicts:
            context.log.warning(line)
        wanted = context.op_execution_context.selected_output_names
        if "dedup_decisions" in wanted:
            yield _decisions(resolved, subfolder, run_context, rules)
        if "review_candidates" not in wanted:
            return
        candidates = candidate_list(subfolder, resolved.pending, posters, resolved.decisions)
        write_candidates(candidates, run_context.home.candidates, subfolder)
        shown = candidates.with_columns(
            pl.format("{}: {}", _conditions(rules), _distance()).alias("caption"),
            *(_fate(f"fate_{side}", pl.col(side) == pl.col("suggestion")) for side in ("first", "second")),
        )
        yield dg.Output(
            candidates,
            output_name="review_candidates",
            data_version=content_version(candidates),
            metadata={
                AWAITING: candidates.height,
                "awaiting review in all subfolders": resolved.pending.height,
                "list": dg.MetadataValue.path(str(run_context.home.candidates / f"{subfolder}.csv")),
                "open it": dg.MetadataValue.md("`lap review pairs` shows these pairs, best first, and writes verdicts"),
                "best candidates": pair_sheet(shown.head(12), run_context.home),
            },
        )

    return [resolution]


def _decisions(resolved: Resolution, subfolder: str, run_context: RunContext, rules: Rules) -> dg.Output[pl.DataFrame]:
    table = resolved.decisions.filter(pl.col("subfolder") == subfolder)
    counts = dict(table.group_by("decision").len().iter_rows())
    removed = table.filter((pl.col("decision") == "remove") & pl.col("partner").is_not_null())
    shown = removed.with_columns(
        first="name",
        second="partner",
        caption=pl.when(pl.col("by") == "rule").then(_conditions(rules)).otherwise(pl.lit("a person decided")),
        fate_first=pl.lit("goes"),
        fate_second=pl.when(pl.col("partner") == pl.col("survivor"))
        .then(pl.lit("stays"))
        .otherwise(pl.lit("goes too")),
    )
    by_rule = removed.filter(pl.col("by") == "rule").group_by("rule").len().sort("rule")
    lines = [f"| {markdown(rules[rule].title)} | {count} |" for rule, count in by_rule.iter_rows()]
    return dg.Output(
        table,
        output_name="dedup_decisions",
        data_version=content_version(table),
        metadata={
            "kept": counts.get("keep", 0),
            "removed": counts.get("remove", 0),
            "unreadable": counts.get("aside", 0),
            "removed by people": table.filter((pl.col("by") == "person") & (pl.col("decision") == "remove")).height,
            "by rule": dg.MetadataValue.md("\n".join(["| rule | removed |", "|---|---|", *lines])),
            "removed pairs": pair_sheet(shown, run_context.home),
        },
    )


def _conditions(rules: Rules) -> pl.Expr:
    """The rule of each row in words: which pairs it is about."""
    words = {rule.name: rule.title.partition(": ")[0].replace("–", "-") for rule in rules.rules}  # Pillow has no dash
    return pl.col("rule").replace_strict(words, default=pl.col("rule"), return_dtype=pl.String)


def _distance() -> pl.Expr:
    """The distance in words."""
    return pl.format("{} {}", pl.col("measure").replace(MEASURE_TITLES), pl.col("distance").round(3))


def _fate(name: str, is_suggested: pl.Expr) -> pl.Expr:
    """What becomes of a poster if a person calls the pair duplicates."""
    return pl.when(is_suggested).then(pl.lit("would go")).otherwise(pl.lit("would stay")).alias(name)


def _together(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([tables[key] for key in sorted(tables)], how="diagonal")  # older tables lack newer columns
