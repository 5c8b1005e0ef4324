"""The resolution: the decision for every poster, made once over all subfolders, and the pairs that await review.

`dedup_decisions` and `review_candidates` are its slices by subfolder (`decisions`). Slices with unchanged rows are
recorded as unchanged here, so that only the others run.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg
import polars as pl

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.candidate_pairs import merge_pairs
from lap_assets.duplicates.candidates import all_candidates, candidates_of
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import Rules
from lap_assets.metadata import AWAITING
from lap_assets.partitions import ALL
from lap_assets.queues import CPU, on
from lap_assets.slices import record_unchanged
from lap_assets.versions import content_version

RESOLUTION: Final = "resolution"
PENDING_PAIRS: Final = "pending_pairs"
SLICED: Final = "4"
"""Version of the code that makes the slices."""
_RESOLVED: Final = "3"
_KINDS: Final = {"python", "polars"}


def whole_resolution(rules: Rules) -> dg.AssetsDefinition:
    """Return the asset with the two outputs of the resolution over all subfolders."""
    version = f"{_RESOLVED}-{rules.digest()}"
    everywhere = {"allow_missing_partitions": True}

    @dg.multi_asset(
        name="resolve_duplicates",
        group_name="decisions",
        op_tags=on(CPU),
        can_subset=True,  # a person may ask for one output; a pass makes both at once
        pool="resolution",  # it holds all posters and pairs: one step at a time bounds the memory
        outs={
            RESOLUTION: dg.AssetOut(
                description="Keep or remove, for the posters of all subfolders. `dedup_decisions` has the slices.",
                code_version=version,
                is_required=False,
                kinds=_KINDS,
            ),
            PENDING_PAIRS: dg.AssetOut(
                description="The pairs of all subfolders that await review. `review_candidates` has the slices.",
                code_version=version,
                is_required=False,
                kinds=_KINDS,
            ),
        },
        ins={
            name: dg.AssetIn(partition_mapping=ALL, metadata=everywhere)
            for name in ("image_hashes", "hash_pairs", "embedding_pairs", "review_verdicts")
        },
    )
    def resolve_duplicates(
        context: dg.AssetExecutionContext,
        image_hashes: dict[str, pl.DataFrame],
        hash_pairs: dict[str, pl.DataFrame],
        embedding_pairs: dict[str, pl.DataFrame],
        review_verdicts: dict[str, pl.DataFrame],
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        posters = _all_rows(image_hashes)
        pairs = merge_pairs(_all_rows(hash_pairs), _all_rows(embedding_pairs))
        resolved = resolve(posters, pairs, _all_rows(review_verdicts), rules)
        for line in resolved.conflicts:
            context.log.warning(line)
        selected = context.op_execution_context.selected_output_names
        if RESOLUTION in selected:
            yield _output(RESOLUTION, resolved.decisions, _counts(resolved.decisions, len(resolved.conflicts)))
            rows = {key: resolved.decisions.filter(pl.col("subfolder") == key) for key in SUBFOLDERS}
            record_unchanged(context, RESOLUTION, {"dedup_decisions": _versions(rows)})
        if PENDING_PAIRS in selected:
            candidates = all_candidates(resolved.pending, posters, resolved.decisions, rules.keep)
            yield _output(PENDING_PAIRS, candidates, {AWAITING: candidates.height})
            rows = {key: candidates_of(candidates, key) for key in SUBFOLDERS}
            record_unchanged(context, PENDING_PAIRS, {"review_candidates": _versions(rows)})

    return resolve_duplicates


def _output(name: str, table: pl.DataFrame, counts: Mapping[str, int]) -> dg.Output[pl.DataFrame]:
    return dg.Output(table, output_name=name, data_version=content_version(table), metadata=dict(counts))


def _versions(slices: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    return {key: content_version(rows).value for key, rows in slices.items()}


def _counts(decisions: pl.DataFrame, conflicts: int) -> dict[str, int]:
    by_decision = dict(decisions.group_by("decision").len().iter_rows())
    return {
        "kept": by_decision.get("keep", 0),
        "removed": by_decision.get("remove", 0),
        "unreadable": by_decision.get("aside", 0),
        "conflicts": conflicts,
    }


def _all_rows(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([tables[key] for key in sorted(tables)], how="diagonal")  # older tables lack newer columns
