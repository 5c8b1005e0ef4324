"""Review assets: the probabilities of the pairs that await review, and the queue over all subfolders."""

import dagster as dg
import polars as pl

from lap_assets.assets.pictures import pair_sheet, png
from lap_assets.duplicates.rules import Rules
from lap_assets.metadata import AWAITING
from lap_assets.partitions import ALL
from lap_assets.queues import CPU, on
from lap_assets.review.calibration import calibration_plot
from lap_assets.review.judging import JudgedPairs, judge_pairs
from lap_assets.review.pair_model import shipped_digest, shipped_model
from lap_assets.review.queue import CSV, review_queue, write_queue
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version

Tables = dict[str, pl.DataFrame]


def review_assets(rules: Rules) -> list[dg.AssetsDefinition]:
    """Return the probabilities and the queue; the table of rules determines whether marks act."""
    marks_act = rules.for_marks is not None

    @dg.asset(
        group_name="decisions",
        kinds={"python", "polars"},
        op_tags=on(CPU),
        code_version=f"2-{shipped_digest()}{'' if marks_act else '-marks off'}",
        ins=_ins("review_candidates", "image_hashes", "vit_embeddings", "review_verdicts"),
    )
    def pair_probabilities(
        review_candidates: Tables, image_hashes: Tables, vit_embeddings: Tables, review_verdicts: Tables
    ) -> dg.Output[pl.DataFrame]:
        """The probability that each waiting pair is one picture, and its group; learned from verdicts."""
        judged = judge_pairs(
            _all(review_candidates),
            _all(image_hashes),
            _all(vit_embeddings),
            _all(review_verdicts),
            shipped_model(),
            marks_act=marks_act,
        )
        return dg.Output(judged.table, data_version=content_version(judged.table), metadata=_metadata(judged))

    @dg.asset(
        name="review_queue",
        group_name="decisions",
        kinds={"python", "polars"},
        op_tags=on(CPU),
        code_version="1",
        ins={"pair_probabilities": dg.AssetIn(), **_ins("review_candidates")},
    )
    def queue(
        run_context: dg.ResourceParam[RunContext], pair_probabilities: pl.DataFrame, review_candidates: Tables
    ) -> dg.Output[pl.DataFrame]:
        """Every pair that a person still has to decide, over all subfolders, most probable duplicates first."""
        table = review_queue(_all(review_candidates), pair_probabilities)
        write_queue(table, run_context.home.labels)
        shown = table.head(12).with_columns(
            caption=pl.format("{}% one picture", (pl.col("probability") * 100).round(1))
        )
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={
                AWAITING: table.height,
                "list": dg.MetadataValue.path(str(run_context.home.labels / CSV)),
                "open it": dg.MetadataValue.md("`lap review pairs` shows these pairs in this order"),
                "first pairs": pair_sheet(shown, run_context.home),
            },
        )

    return [pair_probabilities, queue]


def _metadata(judged: JudgedPairs) -> dict[str, dg.MetadataValue | int | float | str]:
    table, answers = judged.table, judged.answers
    return {
        "pairs": table.height,
        "probably duplicates": round(float(table["probability"].sum()), 1),
        "of p ≥ .98": table.filter(pl.col("probability") >= 0.98).height,
        "of p < .02": table.filter(pl.col("probability") < 0.02).height,
        "groups": table["group"].n_unique() - int(table["group"].has_nulls()),
        "learned from": answers.problem or f"{len(answers.pairs)} decided pairs",
        "calibration": png(calibration_plot(judged.calibration, "predicted probabilities, and people's verdicts")),
    }


def _ins(*assets: str) -> dict[str, dg.AssetIn]:
    return {asset: dg.AssetIn(partition_mapping=ALL, metadata={"allow_missing_partitions": True}) for asset in assets}


def _all(tables: Tables) -> pl.DataFrame:
    return pl.concat([tables[key] for key in sorted(tables)], how="diagonal")
