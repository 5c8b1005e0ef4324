"""Sensors, off by default: `keep_fresh` makes what is out of date, `people_decided` watches the review tools' files."""

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

_EVERY: Final = 10  # seconds; checking an idle home takes well under one

WATCHED: Final = ("review_verdicts", *FILES)
"""The assets that read the files of the review tools."""

keep_fresh = dg.AutomationConditionSensorDefinition(
    "keep_fresh",
    target=dg.AssetSelection.all(),
    use_user_code_server=True,  # custom conditions can be evaluated only there
    emit_backfills=False,
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off until you turn it on. Makes everything that is out of date, people's decisions included, once its "
    "inputs are ready. A failing step is tried LAP_ATTEMPTS times.",
)


@dg.sensor(
    target=[dg.AssetKey(asset) for asset in WATCHED],
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off until you turn it on. Takes in people's decisions from the review tools, and makes nothing else. "
    "keep_fresh does this too, so you need only one of the two.",
)
def people_decided(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Request the partitions whose files have changed since the last evaluation."""
    if _is_on(keep_fresh.name, context):
        yield dg.SkipReason("keep_fresh is on: it takes in people's decisions")
        return  # the cursor stays, so that remaining changes are noticed once keep_fresh is off
    previous = json.loads(context.cursor) if context.cursor else {}
    current = _contents(run_context.home, previous)
    changed = [
        name for name in sorted({*previous, *current}) if previous.get(name) != current.get(name) and name[-1] != "/"
    ]
    statuses = _statuses(context, run_context.home.tables) if changed else None
    requested = []
    for name in changed:
        asset, key = name.split("/")
        if statuses is None or statuses.of((asset, key)).status is Status.RUNNING:
            _put(current, name, previous.get(name))  # checked again once that run has ended
        elif review_changes((asset, key), statuses, run_context):
            requested.append(name)
            yield dg.RunRequest(
                run_key=f"{name}:{current.get(name)}", partition_key=key, asset_selection=[dg.AssetKey(asset)]
            )
    context.update_cursor(json.dumps(current))
    if not requested:
        yield dg.SkipReason("all of people's decisions are taken in, or are being taken in")


def _is_on(sensor: str, context: dg.SensorEvaluationContext) -> bool:
    """Return whether a sensor of the same code location is turned on."""
    here = context.code_location_origin
    for state in context.instance.all_instigator_state():
        location = state.origin.repository_origin.code_location_origin.location_name
        if state.instigator_name == sensor and (here is None or location == here.location_name):
            return state.status.name == "RUNNING"
    return False


def _statuses(context: dg.SensorEvaluationContext, tables: Path) -> GraphStatus:
    repository = context.repository_def
    if repository is None:
        raise dg.DagsterInvariantViolationError("this sensor needs the repository of its code location")
    return GraphStatus(Graph(repository.asset_graph), context.instance, tables)


def _put(digests: dict[str, str], name: str, digest: str | None) -> None:
    if digest is None:
        digests.pop(name, None)
    else:
        digests[name] = digest


def _contents(home: Home, previous: Mapping[str, str]) -> dict[str, str]:
    """Return digests of the files' content: per partition under `asset/partition`, of whole files under `asset/`."""
    current = {}
    for key in SUBFOLDERS:
        path = home.verdicts / f"{key}.jsonl"
        if path.exists():
            current[f"review_verdicts/{key}"] = sha256_of(path)
    for asset, file in FILES.items():
        labels = home.labels / file
        paths = (labels, reviewed_path(labels), label_audits_path(labels))
        current[f"{asset}/"] = " ".join(sha256_of(path) if path.exists() else "-" for path in paths)
        if current[f"{asset}/"] == previous.get(f"{asset}/"):
            current |= {name: digest for name, digest in previous.items() if name.startswith(f"{asset}/")}
        else:
            current |= {f"{asset}/{key}": digest for key in SUBFOLDERS if (digest := _labels(asset, key, home))}
    return current


def _labels(asset: str, key: str, home: Home) -> str | None:
    """Return a digest of the label file's lines on a subfolder's images; None if it has none."""
    images = table_path(home.tables, "resized_images", key)
    if table_problem(images):
        return None
    table = refined_table(asset, key, read_table(images), home).table
    return content_version(table).value if table.height else None
