"""Asset checks: conditions on each asset's data. Most block downstream steps; failures are described in words."""

from collections.abc import Sequence
from inspect import Parameter, Signature

import dagster as dg
import polars as pl

from lap_assets.assets.scrape_checks import scrape_checks
from lap_assets.core.errors import NameInvalid
from lap_assets.core.names import PosterName
from lap_assets.core.sites import sites
from lap_assets.duplicates.embedding_table import invalid_vectors
from lap_assets.labels.detection import invalid_boxes
from lap_assets.labels.refined import FILES, invalid_labels
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.pictures.cleaning import broken_images
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import released
from lap_assets.run_context import RunContext

_SHOWN = 10


def _result(wrong: Sequence[str], passed: str) -> dg.AssetCheckResult:
    """Return the result of a blocking check. `passed`: its description if nothing is wrong."""
    description = passed if not wrong else f"{len(wrong)} wrong: {'; '.join(wrong[:_SHOWN])}"
    return dg.AssetCheckResult(passed=not wrong, description=description, metadata={"wrong": len(wrong)})


def _warning(wrong: Sequence[str], passed: str) -> dg.AssetCheckResult:
    """Return the result of a check that only warns. `passed`: its description if nothing is wrong."""
    return dg.AssetCheckResult(
        passed=not wrong,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(wrong[:_SHOWN]) or passed,
        metadata={"wrong": len(wrong)},
    )


def _misplaced(table: pl.DataFrame, subfolder: str) -> list[str]:
    wrong = []
    for name in table["name"]:
        try:
            parsed = PosterName.parse(name)
        except NameInvalid as error:
            wrong.append(str(error))
            continue
        if parsed.subfolder != subfolder:
            wrong.append(f"{name} belongs to subfolder {parsed.subfolder}")
    return wrong


def _names_fit(asset: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=asset, name=f"{asset}_names_fit", blocking=True, partitions_def=SUBFOLDER_PARTITIONS,
        description="Every poster has a valid name, which belongs to this subfolder and occurs once.",
    )  # fmt: skip
    def check(context: dg.AssetCheckExecutionContext, table: pl.DataFrame) -> dg.AssetCheckResult:
        twice = table.filter(pl.col("name").is_duplicated())["name"].unique().sort()
        wrong = _misplaced(table, context.partition_key) + [f"{name} occurs twice" for name in twice]
        return _result(wrong, f"{table.height} names fit subfolder {context.partition_key}")

    return check


@dg.asset_check(
    asset="image_hashes", blocking=False, partitions_def=SUBFOLDER_PARTITIONS,
    description="Every raw poster is readable; unreadable ones are listed.",
)  # fmt: skip
def raw_posters_decode(table: pl.DataFrame) -> dg.AssetCheckResult:
    """Warn about unreadable posters; the graph continues without them."""
    return _warning(table["problem"].drop_nulls().to_list(), f"all {table.height} posters decode")


def _no_poster_lost() -> dg.AssetChecksDefinition:
    def no_poster_lost(decisions: pl.DataFrame, **manifests: pl.DataFrame) -> dg.AssetCheckResult:
        """Compare the decisions with all sites' manifests, name by name."""
        raw = {name for table in manifests.values() for name in table["name"]}
        decided = set(decisions["name"])
        twice = decisions.filter(pl.col("name").is_duplicated())["name"].unique()
        wrong = [f"{name} has no decision" for name in sorted(raw - decided)]
        wrong += [f"{name} has a decision but is not in a manifest" for name in sorted(decided - raw)]
        wrong += [f"{name} has two decisions" for name in twice]
        return _result(wrong, f"{len(raw)} raw posters, each with one decision")

    # Dagster maps inputs to parameters by name, so the function needs one parameter per site.
    parameters = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=pl.DataFrame)
        for name in ("decisions", *(entry.key for entry in sites()))
    ]
    no_poster_lost.__signature__ = Signature(parameters, return_annotation=dg.AssetCheckResult)  # type: ignore[attr-defined]
    return dg.asset_check(
        asset="dedup_decisions",
        blocking=True,
        partitions_def=SUBFOLDER_PARTITIONS,
        additional_ins={entry.key: dg.AssetIn(entry.posters_asset) for entry in sites()},
        description="Raw posters = kept + removed + unreadable: exactly one decision per poster, and no others.",
    )(no_poster_lost)


@dg.asset_check(
    asset="dedup_decisions", blocking=True, partitions_def=SUBFOLDER_PARTITIONS,
    description="Every poster removed by a rule has a survivor.",
)  # fmt: skip
def removed_have_survivors(decisions: pl.DataFrame) -> dg.AssetCheckResult:
    """Check that rules never remove the last copy of a picture."""
    orphans = decisions.filter((pl.col("by") == "rule") & pl.col("survivor").is_null())["name"].sort()
    return _result([f"{name} has no survivor" for name in orphans], "every poster removed by a rule has a survivor")


@dg.asset_check(
    asset="resized_images", blocking=True, partitions_def=SUBFOLDER_PARTITIONS,
    description="Every cleaned image exists, has the size in bytes given in the table, and decodes.",
)  # fmt: skip
def images_decode(run_context: dg.ResourceParam[RunContext], table: pl.DataFrame) -> dg.AssetCheckResult:
    """Decode images that were made; linked images are raw posters, which were decoded when they were hashed."""
    wrong = [f"{name} is missing or does not decode" for name in broken_images(table, run_context.home)]
    return _result(wrong, f"{table.height} images in place")


@dg.asset_check(
    asset="vit_embeddings", blocking=True, partitions_def=SUBFOLDER_PARTITIONS,
    description="Vectors have norm 1 and equal dimension; every poster without a vector has a problem instead.",
)  # fmt: skip
def vectors_are_whole(table: pl.DataFrame) -> dg.AssetCheckResult:
    """Check the vectors here, since the pair search does not."""
    return _result(invalid_vectors(table), f"{table['vector'].count()} vectors")


def _boxes_fit(asset: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=asset, name=f"{asset}_fit", blocking=True, partitions_def=SUBFOLDER_PARTITIONS,
        additional_ins={"images": dg.AssetIn("resized_images")},
        description="Every image was searched (unless the model is none); boxes have positive sides, scores 0 to 1.",
    )  # fmt: skip
    def check(table: pl.DataFrame, images: pl.DataFrame) -> dg.AssetCheckResult:
        return _result(invalid_boxes(table, images), f"boxes of {table.height} images")

    return check


def _labels_fit(asset: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=asset, name=f"{asset}_fit", blocking=False, partitions_def=SUBFOLDER_PARTITIONS,
        description="People's boxes are within their images, and every labeled image exists; exceptions are listed.",
    )  # fmt: skip
    def check(table: pl.DataFrame) -> dg.AssetCheckResult:
        return _warning(invalid_labels(table), f"labels of {table.height} images")

    return check


@dg.asset_check(asset="lap_dataset", blocking=True, description="The released files match the manifest's checksums.")
def release_matches_manifest(run_context: dg.ResourceParam[RunContext]) -> dg.AssetCheckResult:
    """Verify every file of the newest release."""
    releases = released(run_context.home.release)
    if not releases:
        return _result(["there is no release"], "")
    return _result(problems_of(releases[-1]), f"{releases[-1].name} is as it was written")


def asset_checks() -> list[dg.AssetChecksDefinition]:
    """Return all checks."""
    return [
        *(_names_fit(entry.posters_asset) for entry in sites()),
        raw_posters_decode,
        _no_poster_lost(),
        removed_have_survivors,
        images_decode,
        vectors_are_whole,
        *(_boxes_fit(asset) for asset in ("baseline_face_boxes", "baseline_head_boxes")),
        *(_labels_fit(asset) for asset in FILES),
        release_matches_manifest,
        *scrape_checks(),
    ]
