"""Decision assets by subfolder: people's verdicts, the decision for each poster, and the pairs that await review.

The decisions are made in `resolution`, over all subfolders at once.
"""

import dagster as dg
import polars as pl

from lap_assets.assets.pictures import pair_sheet
from lap_assets.assets.resolution import PENDING_PAIRS, RESOLUTION, SLICED, whole_resolution
from lap_assets.core.plain_text import markdown
from lap_assets.core.verdicts.log import conflicts, read_verdicts
from lap_assets.duplicates.candidates import candidates_of, write_candidates
from lap_assets.duplicates.rules import MEASURE_TITLES, Rules
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.metadata import AWAITING
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.queues import CPU, SLICES, in_one_run, on
from lap_assets.run_context import RunContext
from lap_assets.slices import rows_tag
from lap_assets.versions import content_version


@dg.asset(
    group_name="decisions", kinds={"python"}, partitions_def=SUBFOLDER_PARTITIONS, op_tags=on(CPU), code_version="1"
)
def review_verdicts(
    context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
) -> dg.Output[pl.DataFrame]:
    """The active verdicts from the review tools on this subfolder's pairs and posters."""
    verdicts = read_verdicts([run_context.home.verdicts / f"{context.partition_key}.jsonl"])
    table = verdicts_table(verdicts)
    for problem in verdicts.problems:
        context.log.warning(str(problem))
    problems = [f"- {markdown(line)}" for line in (*verdicts.problems, *conflicts(verdicts))]
    return dg.Output(
        table,
        data_version=content_version(table),
        metadata={
            "verdicts": table.height,
            "conflicts": int(table["conflict"].sum()),
            **({"to look at": dg.MetadataValue.md("\n".join(problems[:50]))} if problems else {}),
        },
    )


def resolution_assets(rules: Rules) -> list[dg.AssetsDefinition]:
    """Return the resolution over all subfolders, and its slices: each subfolder's decisions and candidates."""
    return [whole_resolution(rules), *_slices(rules)]


def _slices(rules: Rules) -> list[dg.AssetsDefinition]:
    version = f"{SLICED}-{rules.digest()}"

    @dg.asset(
        group_name="decisions",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        tags=in_one_run(SLICES),
        code_version=version,
        description="Keep or remove, for each poster of this subfolder, with the rule or person behind it.",
    )
    def dedup_decisions(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], resolution: pl.DataFrame
    ) -> dg.Output[pl.DataFrame]:
        table = resolution.filter(pl.col("subfolder") == context.partition_key)
        version = content_version(table)
        return dg.Output(
            table,
            data_version=version,
            metadata=_decisions_metadata(table, run_context, rules),
            tags=rows_tag(RESOLUTION, version.value),
        )

    @dg.asset(
        group_name="decisions",
        kinds={"python", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        tags=in_one_run(SLICES),
        code_version=version,
        description="The exported list: pairs that a person still has to decide, best candidates first.",
    )
    def review_candidates(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], pending_pairs: pl.DataFrame
    ) -> dg.Output[pl.DataFrame]:
        subfolder, folder = context.partition_key, run_context.home.candidates
        candidates = candidates_of(pending_pairs, subfolder)
        write_candidates(candidates, folder, subfolder)
        shown = candidates.with_columns(
            pl.format("{}: {}", _conditions(rules), _distance()).alias("caption"),
            *(_fate(f"fate_{side}", pl.col(side) == pl.col("suggestion")) for side in ("first", "second")),
        )
        version = content_version(candidates)
        return dg.Output(
            candidates,
            data_version=version,
            metadata={
                AWAITING: candidates.height,
                "list": dg.MetadataValue.path(str(folder / f"{subfolder}.csv")),
                "open it": dg.MetadataValue.md("`lap review pairs` shows these pairs, best first, and saves verdicts"),
                "best candidates": pair_sheet(shown.head(12), run_context.home),
            },
            tags=rows_tag(PENDING_PAIRS, version.value),
        )

    return [dedup_decisions, review_candidates]


def _decisions_metadata(
    table: pl.DataFrame, run_context: RunContext, rules: Rules
) -> dict[str, dg.MetadataValue | int]:
    counts = dict(table.group_by("decision").len().iter_rows())
    removed = table.filter((pl.col("decision") == "remove") & pl.col("partner").is_not_null())
    shown = removed.with_columns(
        first="name",
        second="partner",
        caption=pl.when(pl.col("by") == "rule").then(_conditions(rules)).otherwise(pl.lit("a person decided")),
        fate_first=pl.lit("removed"),
        fate_second=pl.when(pl.col("partner") == pl.col("survivor"))
        .then(pl.lit("kept"))
        .otherwise(pl.lit("removed too")),
    )
    by_rule = removed.filter(pl.col("by") == "rule").group_by("rule").len().sort("rule")
    lines = [f"| {markdown(rules[rule].title)} | {count} |" for rule, count in by_rule.iter_rows()]
    return {
        "kept": counts.get("keep", 0),
        "removed": counts.get("remove", 0),
        "unreadable": counts.get("aside", 0),
        "removed by people": table.filter((pl.col("by") == "person") & (pl.col("decision") == "remove")).height,
        "by rule": dg.MetadataValue.md("\n".join(["| rule | removed |", "|---|---|", *lines])),
        "removed pairs": pair_sheet(shown, run_context.home),
    }


def _conditions(rules: Rules) -> pl.Expr:
    """Return the conditions of each row's rule, in words."""
    words = {rule.name: rule.title.partition(": ")[0].replace("–", "-") for rule in rules.rules}  # Pillow has no dash
    return pl.col("rule").replace_strict(words, default=pl.col("rule"), return_dtype=pl.String)


def _distance() -> pl.Expr:
    """Return the distance, in words."""
    return pl.format("{} {}", pl.col("measure").replace(MEASURE_TITLES), pl.col("distance").round(3))


def _fate(name: str, is_suggested: pl.Expr) -> pl.Expr:
    """Return what happens to a poster if a person decides that the pair are duplicates."""
    return pl.when(is_suggested).then(pl.lit("would be removed")).otherwise(pl.lit("would be kept")).alias(name)
