"""Sensors: one that keeps everything fresh, one that watches the files of the review tools. Off until turned on."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import dagster as dg

from lap_assets.files import sha256_of
from lap_assets.home import Home
from lap_assets.posters.subfolders import SUBFOLDERS
from lap_assets.workplace import Workplace

_EVERY: Final = 10  # s; a look at an idle home takes well under one

# The files that people's tools write, by the asset that takes them in.
WATCHED: Final[Mapping[str, Callable[[Home, str], Path]]] = {
    "review_verdicts": lambda home, key: home.verdicts / f"{key}.jsonl",
}

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
    context: dg.SensorEvaluationContext, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.RunRequest]:
    """Asks for the partitions whose files have other content than at the last look, and for no others."""
    before = json.loads(context.cursor) if context.cursor else {}
    now = _contents(workplace.home)
    for place, digest in now.items():
        if before.get(place) != digest:
            asset, key = place.split("/")
            yield dg.RunRequest(run_key=f"{place}:{digest}", partition_key=key, asset_selection=[dg.AssetKey(asset)])
    context.update_cursor(json.dumps(now))


def _contents(home: Home) -> dict[str, str]:
    """A digest of each file that is there, by asset and partition."""
    places = {f"{asset}/{key}": path(home, key) for asset, path in WATCHED.items() for key in SUBFOLDERS}
    return {place: sha256_of(path) for place, path in places.items() if path.exists()}
