"""Why a partition is stale, in words.

A partition is stale if its code version differs, or if an input has another data version than when the partition was
made. Dagster ignores an input whose first event came after the partition was made; here that is stale too.
`tests/engine/test_staleness.py` compares these rules with Dagster's own.
"""

from itertools import groupby
from operator import itemgetter

from lap_assets.engine.event_log import EventLog
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.metadata import CLASSES_PART
from lap_assets.resources import table_name


def stale_reasons(slot: AssetPartition, graph: Graph, event_log: EventLog) -> tuple[str, ...]:
    """Return why the partition is stale, each reason in words; empty if it is not stale or was never made."""
    latest = event_log.latest(slot)
    if latest is None:
        return ()
    name = partition_name(slot)
    reasons = []
    made_with = event_log.code_version(slot)
    # A partition that was registered rather than made (adopted posters) records neither code nor inputs. Then inputs
    # with later events count as changed.
    has_code_version = made_with is not None
    if has_code_version and graph.code_version(slot[0]) not in (None, made_with):
        reasons.append(f"{name} {code_change(str(made_with), str(graph.code_version(slot[0])))}")
    needs = sorted(graph.needs(slot), key=str)
    known = event_log.inputs(slot)
    reasons += [f"{name} is no longer made from {asset}" for asset in sorted(known - {asset for asset, _ in needs})]
    for parent, group in groupby(needs, key=itemgetter(0)):
        if has_code_version and parent not in known:
            reasons += [f"{partition_name(one)} is a new dependency" for one in group if event_log.latest(one)]
        else:
            registered = None if has_code_version else latest.storage_id
            reasons += _reasons_of_input(slot, parent, list(group), event_log, registered)
    return tuple(dict.fromkeys(reasons))


def _reasons_of_input(
    slot: AssetPartition, parent: str, needs: list[AssetPartition], event_log: EventLog, registered: int | None
) -> list[str]:
    """Return the changes of one input's partitions since the partition was made from them.

    `registered`: the number of the partition's event if that does not record its inputs; else None.
    """
    newest = {needed: latest for needed in needs if (latest := event_log.latest(needed)) is not None}
    seen = event_log.input_pointer(slot, parent) if registered is None else registered
    later = [needed for needed, latest in newest.items() if seen is None or latest.storage_id > seen]
    if registered is None and event_log.input_version(slot, parent) == event_log.versions_of(list(newest)):
        return []  # an input that was wiped and made again unchanged has later events
    return [cause for needed in later if (cause := _changed(slot, needed, seen, event_log))]


def _changed(slot: AssetPartition, needed: AssetPartition, seen: int | None, event_log: EventLog) -> str | None:
    """Return how an input changed after the event `seen` (None: the input had no event then); None if unchanged."""
    if seen is None:
        previous = None
    elif needed[1] is None:
        previous = event_log.input_version(slot, needed[0]) or None
    else:
        previous = event_log.version_at(needed, seen)
    if previous is None:
        return f"{partition_name(needed)} is new"
    return f"{partition_name(needed)} has a new data version" if previous != event_log.version(needed) else None


def partition_name(slot: AssetPartition) -> str:
    """Return the name of an asset's partition in messages, such as `hash_pairs [3]`."""
    return table_name(*slot)


def code_change(previous: str, current: str) -> str:
    """Describe a change of code version; if only its last part differs, people changed the classes."""
    code, mark, _ = previous.partition(CLASSES_PART)
    if mark and current.startswith(code + mark):
        return "was made with other classes (review/classes.txt changed)"
    return "has a new code version"
