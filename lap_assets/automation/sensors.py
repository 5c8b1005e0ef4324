"""Sensors: one that keeps everything fresh, one that watches the files of the review tools. Off until turned on."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import dagster as dg

from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Graph
from lap_assets.engine.plan import review_changes
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.labels.label_audit_file import label_audits_path
from lap_assets.labels.refined import FILES, refined_table
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.table_files import read_table, table_problem
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
    description="Off until you turn it on. Makes whatever is out of date, once what it is made from is there, people's "
    "decisions included. A failure is tried LAP_ATTEMPTS times.",
)


@dg.sensor(
    target=[dg.AssetKey(asset) for asset in WATCHED],
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off until you turn it on. Takes in what people saved in the review tools, and makes nothing else; "
    "keep_fresh does that too, so one of the two is enough.",
)
def people_decided(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Asks for the partitions whose files have other content than at the last look, and for no others."""
    if _is_on(keep_fresh.name, context):
        yield dg.SkipReason("keep_fresh is on: it takes in what people decided")
        return  # the cursor stays: what it leaves is seen once it is off
    before = json.loads(context.cursor) if context.cursor else {}
    now = _contents(run_context.home, before)
    changed = [place for place in sorted({*before, *now}) if before.get(place) != now.get(place) and place[-1] != "/"]
    statuses = _statuses(context, run_context.home.tables) if changed else None
    taken_in = []
    for place in changed:
        asset, key = place.split("/")
        if statuses is None or statuses.of((asset, key)).status is Status.RUNNING:
            _put(now, place, before.get(place))  # looked at again once that run has ended
        elif review_changes((asset, key), statuses, run_context):
            taken_in.append(place)
            yield dg.RunRequest(
                run_key=f"{place}:{now.get(place)}", partition_key=key, asset_selection=[dg.AssetKey(asset)]
            )
    context.update_cursor(json.dumps(now))
    if not taken_in:
        yield dg.SkipReason("everything that people saved is taken in, or is being taken in")


def _is_on(sensor: str, context: dg.SensorEvaluationContext) -> bool:
    """Whether somebody turned on a sensor of the same code location."""
    here = context.code_location_origin
    for state in context.instance.all_instigator_state():
        location = state.origin.repository_origin.code_location_origin.location_name
        if state.instigator_name == sensor and (here is None or location == here.location_name):
            return state.status.name == "RUNNING"
    return False


def _statuses(context: dg.SensorEvaluationContext, tables: Path) -> GraphStatus:
    repository = context.repository_def
    if repository is None:
        raise dg.DagsterInvariantViolationError("a sensor of a code location has its repository")
    return GraphStatus(Graph(repository.asset_graph), context.instance, tables)


def _put(places: dict[str, str], place: str, digest: str | None) -> None:
    if digest is None:
        places.pop(place, None)
    else:
        places[place] = digest


def _contents(home: Home, before: Mapping[str, str]) -> dict[str, str]:
    """A digest of what the files say of each partition, by `asset/partition`; of whole files by `asset/`."""
    now = {}
    for key in SUBFOLDERS:
        path = home.verdicts / f"{key}.jsonl"
        if path.exists():
            now[f"review_verdicts/{key}"] = sha256_of(path)
    for asset, name in FILES.items():
        labels = home.labels / name
        paths = (labels, reviewed_path(labels), label_audits_path(labels))
        now[f"{asset}/"] = " ".join(sha256_of(path) if path.exists() else "-" for path in paths)
        if now[f"{asset}/"] == before.get(f"{asset}/"):
            now |= {place: digest for place, digest in before.items() if place.startswith(f"{asset}/")}
        else:
            now |= {f"{asset}/{key}": digest for key in SUBFOLDERS if (digest := _labels(asset, key, home))}
    return now


def _labels(asset: str, key: str, home: Home) -> str | None:
    """A digest of what the label file says of a subfolder's images; None where it says nothing."""
    images = table_path(home.tables, "resized_images", key)
    if table_problem(images):
        return None
    table = refined_table(asset, key, read_table(images), home).table
    return content_version(table).value if table.height else None
