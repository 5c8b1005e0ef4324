"""The sensor `train_again`: a detector is trained anew when many images were reviewed since. Off until turned on."""

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

_EVERY: Final = 60  # s
NEWLY_REVIEWED: Final = 100
"""Reviewed images more than the last training learned from, from which on a new one is asked for."""
_PARTS: Final = ("images", "choosing_images", "judging_images")


@dg.sensor(
    target=[dg.AssetKey(asset) for asset in TRAINED.values()],
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off until you turn it on. Trains a detector on people's labels again, once "
    f"{NEWLY_REVIEWED} images or more were reviewed and taken in since its last training.",
)
def train_again(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Asks for the detectors whose labels have grown; for the same labels once, however that run ends."""
    asked: dict[str, int] = json.loads(context.cursor) if context.cursor else {}
    told = []
    for target, asset in TRAINED.items():
        reviewed = reviewed_images(run_context.home, target)
        known = max(learned_images(run_context.home, target), asked.get(asset, 0))
        if reviewed - known >= NEWLY_REVIEWED:
            asked[asset] = reviewed
            yield dg.RunRequest(run_key=f"{asset}:{reviewed}", asset_selection=[dg.AssetKey(asset)])
        else:
            told.append(f"{target}: {reviewed:,} images reviewed, {known:,} of them known to the last training")
    context.update_cursor(json.dumps(asked))
    if len(told) == len(TRAINED):
        yield dg.SkipReason("; ".join(told))


def reviewed_images(home: Home, target: Target) -> int:
    """Images of a home whose labels a person vouches for, as the graph has taken them in."""
    tables = (home.tables / REFINED[target]).glob("*.parquet")
    return sum(int(read_table(table, ["reviewed"])["reviewed"].sum()) for table in tables)


def learned_images(home: Home, target: Target) -> int:
    """Images that taught, chose or judged the home's detector; 0 where there is none."""
    path = trained_path(home, target)
    if not path.is_file():
        return 0
    about = read_header(path).about
    return sum(value for name in _PARTS if isinstance(value := about.get(name), int))
