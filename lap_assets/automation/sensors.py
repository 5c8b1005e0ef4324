"""Sensors: one that keeps everything fresh, one that watches the files of the review tools. Off until turned on."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg
import polars as pl

from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.labels.refined import FILES, refined_table
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version

_EVERY: Final = 10  # s; a look at an idle home takes well under one

WATCHED: Final = ("review_verdicts", *FILES)
"""The assets that take in files of people's tools."""

keep_fresh = dg.AutomationConditionSensorDefinition(
    "keep_fresh",
    target=dg.AssetSelection.all(),
    use_user_code_server=True,  # only there are our own conditions known
    emit_backfills=False,
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Makes whatever is out of date, once what it is made from is there. Failures are tried a few times.",
)


@dg.sensor(
    target=[dg.AssetKey(asset) for asset in WATCHED],
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Takes in what people saved in the review tools, of the subfolders whose files have new content.",
)
def people_decided(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> Iterator[dg.RunRequest]:
    """Asks for the partitions whose files have other content than at the last look, and for no others."""
    before = json.loads(context.cursor) if context.cursor else {}
    now = _contents(run_context.home, before)
    for place in sorted({*before, *now}):
        asset, key = place.split("/")
        if key and before.get(place) != now.get(place):
            yield dg.RunRequest(
                run_key=f"{place}:{now.get(place)}", partition_key=key, asset_selection=[dg.AssetKey(asset)]
            )
    context.update_cursor(json.dumps(now))


def _contents(home: Home, before: Mapping[str, str]) -> dict[str, str]:
    """A digest of what the files say of each partition, by `asset/partition`; of whole files by `asset/`."""
    now = {}
    for key in SUBFOLDERS:
        path = home.verdicts / f"{key}.jsonl"
        if path.exists():
            now[f"review_verdicts/{key}"] = sha256_of(path)
    for asset, name in FILES.items():
        paths = (home.labels / name, reviewed_path(home.labels / name))
        now[f"{asset}/"] = " ".join(sha256_of(path) if path.exists() else "-" for path in paths)
        if now[f"{asset}/"] == before.get(f"{asset}/"):
            now |= {place: digest for place, digest in before.items() if place.startswith(f"{asset}/")}
        else:
            now |= {f"{asset}/{key}": digest for key in SUBFOLDERS if (digest := _labels(asset, key, home))}
    return now


def _labels(asset: str, key: str, home: Home) -> str | None:
    """A digest of what the label file says of a subfolder's images; None where it says nothing."""
    images = table_path(home.tables, "resized_images", key)
    if not images.exists():
        return None
    table = refined_table(asset, key, pl.read_parquet(images), home).table
    return content_version(table).value if table.height else None
