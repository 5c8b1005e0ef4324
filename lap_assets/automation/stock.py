"""The sensor `take_stock`: reports stale partitions, decisions not yet taken in, and pairs that await review.

Dagster shows a partitioned asset as fresh whatever the state of its partitions, and does not know people's files. This
sensor records the state in an observation of `home_status`. It requests no runs, so it is on by default.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import dagster as dg

from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Graph
from lap_assets.engine.plan import review_changes
from lap_assets.engine.staleness import partition_name
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.metadata import AWAITING
from lap_assets.run_context import RunContext

_EVERY: Final = 60  # seconds; with 70,000 posters an evaluation takes some seconds, and only after changes
_SHOWN: Final = 200  # rows of a table in the UI
_REPORTED: Final = {Status.STALE: "stale", Status.FAILED: "failed", Status.MISSING: "missing"}

home_status = dg.AssetSpec(
    "home_status",
    group_name="status",
    kinds={"python"},
    description="The state of the home: stale partitions and the reasons, people's decisions not yet taken in, and the "
    "number of pairs that await review. See the latest observation; `take_stock` adds one whenever something changes. "
    "`refresh_stale` (Jobs) makes everything that is stale.",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """A home's state. `outdated`: partition, status, reasons; `decided`: partitions; `awaiting`: pairs by subfolder."""

    outdated: tuple[tuple[str, str, str], ...]
    decided: tuple[str, ...]
    awaiting: tuple[tuple[str, int], ...]

    def digest(self) -> str:
        """Return a digest of the state: equal states are reported once."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def metadata(self) -> dict[str, dg.MetadataValue | int]:
        """Return the metadata for the UI, which plots numbers over time."""
        counts = {f"{word} partitions": sum(row[1] == word for row in self.outdated) for word in _REPORTED.values()}
        return {
            **counts,
            "decided, not taken in": len(self.decided),
            "pairs awaiting review": sum(count for _, count in self.awaiting),
            "what is stale and why": _table(("partition", "status", "why"), self.outdated),
            "what people decided": _table(("not taken in",), [(name,) for name in self.decided]),
            "what awaits review": _table(("subfolder", "pairs"), self.awaiting),
            "what to do": dg.MetadataValue.md(
                "`refresh_stale` (Jobs) or `lap refresh` makes what is stale and takes in decisions; "
                "`lap review pairs` opens the pairs that await review"
            ),
        }


def stock(statuses: GraphStatus, run_context: RunContext) -> Stock:
    """Return the state of all partitions that are made by default, and of people's files."""
    outdated, decided = [], []
    for asset in statuses.graph.made_by_default:
        for slot in statuses.graph.slots(asset):
            found = statuses.of(slot)
            if found.status in _REPORTED:
                outdated.append((partition_name(slot), _REPORTED[found.status], "; ".join(found.reasons)))
            if found.status is not Status.MISSING and review_changes(slot, statuses, run_context):
                decided.append(partition_name(slot))
    waiting = [(key, statuses.metadata(("review_candidates", key), AWAITING)) for key in SUBFOLDERS]
    return Stock(tuple(outdated), tuple(decided), tuple((key, int(count)) for key, count in waiting if count))


@dg.sensor(
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reports stale partitions and the reasons, decisions not yet taken in, and the number of pairs that "
    "await review, as an observation of home_status. It starts no runs, so it is on by default.",
)
def take_stock(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> dg.SensorResult | dg.SkipReason:
    """Record an observation if the state has changed since the last one."""
    if context.repository_def is None:
        return dg.SkipReason("no definitions")
    previous = json.loads(context.cursor) if context.cursor else {}
    seen = f"{context.instance.event_log_storage.get_maximum_record_id()} {_files(run_context.home)}"
    if seen == previous.get("seen"):
        return dg.SkipReason("nothing happened since the last check")
    found = stock(
        GraphStatus(Graph(context.repository_def.asset_graph), context.instance, run_context.home.tables), run_context
    )
    digest = found.digest()
    context.update_cursor(json.dumps({"seen": seen, "told": digest}))
    if digest == previous.get("told"):
        return dg.SkipReason("nothing changed since the last check")
    return dg.SensorResult(
        asset_events=[dg.AssetObservation(asset_key=home_status.key, metadata=found.metadata())],
        skip_reason=f"{len(found.outdated)} partitions to make, {len(found.decided)} with new decisions",
    )


def _files(home: Home) -> str:
    """Return a digest of people's files, from names, sizes and modification times."""
    paths = [*sorted(home.verdicts.glob("*.jsonl")), *sorted(home.labels.glob("labels_*"))]
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.is_file()]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> dg.MetadataValue:
    """Return a Markdown table, cut after 200 rows."""
    if not rows:
        return dg.MetadataValue.md("nothing")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows[:_SHOWN]]
    more = [f"\n… and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
    return dg.MetadataValue.md("\n".join([*lines, *more]))
