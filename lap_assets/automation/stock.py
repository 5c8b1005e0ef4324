"""The sensor `take_stock`: what is stale and why, what people decided that is not taken in, what waits for a person.

Dagster calls a partitioned asset fresh whatever its partitions are, and knows nothing of people's files. So this looks,
and puts what it sees into an observation of `home_status`. It makes nothing and asks for no run, so it is on by itself.
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

_EVERY: Final = 60  # s; a look takes some seconds on a home of 70,000 posters, and only where something happened
_SHOWN: Final = 200  # rows of a table in the UI
_TOLD: Final = {Status.STALE: "stale", Status.FAILED: "failed", Status.MISSING: "missing"}

home_status = dg.AssetSpec(
    "home_status",
    group_name="status",
    kinds={"python"},
    description="How the home stands: which partitions are stale and why, what people decided that is not taken in, "
    "how many pairs await review. Look at the latest observation; `take_stock` makes one whenever something changed. "
    "`refresh_stale` (Jobs) makes whatever is stale.",
)


@dataclass(frozen=True, slots=True)
class Stock:
    """One look. `lacking`: partition, status, reasons; `decided`: partitions; `awaiting`: pairs by subfolder."""

    lacking: tuple[tuple[str, str, str], ...]
    decided: tuple[str, ...]
    awaiting: tuple[tuple[str, int], ...]

    def digest(self) -> str:
        """Names the content: equal looks are told once."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def metadata(self) -> dict[str, dg.MetadataValue | int]:
        """What the UI shows; numbers are plotted over time."""
        counts = {f"{word} partitions": sum(row[1] == word for row in self.lacking) for word in _TOLD.values()}
        return {
            **counts,
            "decided, not taken in": len(self.decided),
            "pairs awaiting review": sum(count for _, count in self.awaiting),
            "what is stale and why": _table(("partition", "status", "why"), self.lacking),
            "what people decided": _table(("not taken in",), [(name,) for name in self.decided]),
            "who waits for a person": _table(("subfolder", "pairs"), self.awaiting),
            "what to do": dg.MetadataValue.md(
                "`refresh_stale` (Jobs) or `lap refresh` makes what is stale and takes in decisions; "
                "`lap review pairs` opens the pairs that await review"
            ),
        }


def stock(statuses: GraphStatus, run_context: RunContext) -> Stock:
    """Look at all partitions of all assets, and at people's files."""
    lacking, decided = [], []
    for asset in statuses.graph.unasked:
        for slot in statuses.graph.slots(asset):
            found = statuses.of(slot)
            if found.status in _TOLD:
                lacking.append((partition_name(slot), _TOLD[found.status], "; ".join(found.reasons)))
            if found.status is not Status.MISSING and review_changes(slot, statuses, run_context):
                decided.append(partition_name(slot))
    waiting = [(key, statuses.metadata(("review_candidates", key), AWAITING)) for key in SUBFOLDERS]
    return Stock(tuple(lacking), tuple(decided), tuple((key, int(count)) for key, count in waiting if count))


@dg.sensor(
    minimum_interval_seconds=_EVERY,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Only looks: what is stale and why, what people decided that is not taken in, and how many pairs await "
    "review, as an observation of home_status. It starts no run, so it is on by itself.",
)
def take_stock(
    context: dg.SensorEvaluationContext, run_context: dg.ResourceParam[RunContext]
) -> dg.SensorResult | dg.SkipReason:
    """An observation, where the look shows something else than the last one."""
    if context.repository_def is None:
        return dg.SkipReason("no definitions")
    before = json.loads(context.cursor) if context.cursor else {}
    seen = f"{context.instance.event_log_storage.get_maximum_record_id()} {_files(run_context.home)}"
    if seen == before.get("seen"):
        return dg.SkipReason("nothing happened since the last look")
    found = stock(
        GraphStatus(Graph(context.repository_def.asset_graph), context.instance, run_context.home.tables), run_context
    )
    told = found.digest()
    context.update_cursor(json.dumps({"seen": seen, "told": told}))
    if told == before.get("told"):
        return dg.SkipReason("all is as at the last look")
    return dg.SensorResult(
        asset_events=[dg.AssetObservation(asset_key=home_status.key, metadata=found.metadata())],
        skip_reason=f"{len(found.lacking)} partitions to be made, {len(found.decided)} with new decisions",
    )


def _files(home: Home) -> str:
    """People's files, by name, size and time."""
    paths = [*sorted(home.verdicts.glob("*.jsonl")), *sorted(home.labels.glob("labels_*"))]
    stats = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path.is_file()]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> dg.MetadataValue:
    """A table for people, cut where it gets long."""
    if not rows:
        return dg.MetadataValue.md("nothing")
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows[:_SHOWN]]
    more = [f"\n… and {len(rows) - _SHOWN} more"] if len(rows) > _SHOWN else []
    return dg.MetadataValue.md("\n".join([*lines, *more]))
