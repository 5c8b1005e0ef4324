"""The sensor `train_again`: retrains a detector after many newly reviewed images. Off until turned on."""

import json
from collections.abc import Iterator
from typing import Final

import dagster as dg

from lap_assets.assets.training import TRAINED
from lap_assets.core.home import Home
from lap_assets.models.tiny.trained import read_header
from lap_assets.models.types import Target
from lap_assets.run_context import RunContext
from lap_assets.table_files import read_table
from lap_assets.training.home_labels import REFINED, trained_path

_EVERY: Final = 60  # seconds
NEWLY_REVIEWED: Final = 100
"""The number of reviewed images beyond those of the last training at which a new training is requested."""
_PARTS: Final = ("images", "choosing_images", "judging_images")


@dg.sensor(
    target=[dg.AssetKey(asset) for asset in TRAINED.values()],
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off until you turn it on. Trains a detector on people's labels again once "
    f"{NEWLY_REVIEWED} or more images were reviewed and taken in since its last training.",
)
def train_again(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Request training of the detectors with enough new labels; once per state of the labels, however the run ends."""
    requested: dict[str, int] = json.loads(context.cursor) if context.cursor else {}
    skipped = []
    for target, asset in TRAINED.items():
        reviewed = reviewed_images(run_context.home, target)
        known = max(learned_images(run_context.home, target), requested.get(asset, 0))
        if reviewed - known >= NEWLY_REVIEWED:
            requested[asset] = reviewed
            yield dg.RunRequest(run_key=f"{asset}:{reviewed}", asset_selection=[dg.AssetKey(asset)])
        else:
            skipped.append(f"{target}: {reviewed:,} images reviewed, {known:,} of them known to the last training")
    context.update_cursor(json.dumps(requested))
    if len(skipped) == len(TRAINED):
        yield dg.SkipReason("; ".join(skipped))


def reviewed_images(home: Home, target: Target) -> int:
    """Return the number of reviewed images in the graph's tables."""
    tables = (home.tables / REFINED[target]).glob("*.parquet")
    return sum(int(read_table(table, ["reviewed"])["reviewed"].sum()) for table in tables)


def learned_images(home: Home, target: Target) -> int:
    """Return the number of images that the home's detector was trained, chosen and judged with; 0 if there is none."""
    path = trained_path(home, target)
    if not path.is_file():
        return 0
    about = read_header(path).about
    return sum(value for name in _PARTS if isinstance(value := about.get(name), int))
