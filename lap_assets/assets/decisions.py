"""Decision assets by subfolder: people's verdicts, what becomes of each poster, what people have still to decide.

Deciding itself, over all subfolders at once, is in `resolution`.
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
    """The resolution, which is made once for all subfolders, and each subfolder's decisions and candidates of it."""
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
        description="Keep or remove, for each poster of this subfolder: by which rule or person, for which.",
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
        description="The exported list: pairs that a person has still to decide, best candidates first.",
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
                "open it": dg.MetadataValue.md("`lap review pairs` shows these pairs, best first, and writes verdicts"),
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
        fate_first=pl.lit("goes"),
        fate_second=pl.when(pl.col("partner") == pl.col("survivor"))
        .then(pl.lit("stays"))
        .otherwise(pl.lit("goes too")),
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
    """The rule of each row in words: which pairs it is about."""
    words = {rule.name: rule.title.partition(": ")[0].replace("–", "-") for rule in rules.rules}  # Pillow has no dash
    return pl.col("rule").replace_strict(words, default=pl.col("rule"), return_dtype=pl.String)


def _distance() -> pl.Expr:
    """The distance in words."""
    return pl.format("{} {}", pl.col("measure").replace(MEASURE_TITLES), pl.col("distance").round(3))


def _fate(name: str, is_suggested: pl.Expr) -> pl.Expr:
    """What becomes of a poster if a person calls the pair duplicates."""
    return pl.when(is_suggested).then(pl.lit("would go")).otherwise(pl.lit("would stay")).alias(name)
