"""Why a partition that was made is out of date: Dagster's own rules, read from the ledger.

A partition is stale when its code version is another, or when the data version of something that it is made from is
not the one that it was made from. Dagster is blind to what was made before the first event of an input; here that is
stale too. `tests/engine/test_staleness.py` holds these rules beside Dagster's own.
"""

from lap_assets.engine.graph import Graph, Slot
from lap_assets.engine.ledger import Ledger


def stale_causes(slot: Slot, graph: Graph, ledger: Ledger) -> tuple[str, ...]:
    """Why the partition is stale, each cause in words; empty where it is not, or was never made."""
    latest = ledger.latest(slot)
    if latest is None:
        return ()
    name = slot_name(slot)
    causes = []
    made_with = ledger.code_version(slot)
    # What was registered rather than made (adopted posters) tells neither its code nor its inputs: its place in the
    # log stands for them.
    is_told = made_with is not None
    if is_told and graph.code_version(slot[0]) not in (None, made_with):
        causes.append(f"{name} has a new code version")
    needs = sorted(graph.needs(slot), key=str)
    known = ledger.inputs(slot)
    causes += [f"{name} is no longer made from {gone}" for gone in sorted(known - {asset for asset, _ in needs})]
    for needed in needs:
        newest = ledger.latest(needed)
        if newest is None:
            continue
        if is_told and needed[0] not in known:
            causes.append(f"{slot_name(needed)} is a new dependency")
            continue
        seen = ledger.input_pointer(slot, needed[0]) if is_told else latest.storage_id
        if (seen is None or newest.storage_id > seen) and (cause := _changed(slot, needed, seen, ledger)):
            causes.append(cause)
    return tuple(dict.fromkeys(causes))


def _changed(slot: Slot, needed: Slot, seen: int | None, ledger: Ledger) -> str | None:
    """What became of an input since the event `seen` (None: there was none of it)."""
    if seen is None:
        before = None
    elif needed[1] is None:
        before = ledger.input_version(slot, needed[0]) or None
    else:
        before = ledger.version_at(needed, seen)
    if before is None:
        return f"{slot_name(needed)} is new"
    return f"{slot_name(needed)} has a new data version" if before != ledger.version(needed) else None


def slot_name(slot: Slot) -> str:
    """An asset's partition in words: `hash_pairs [3]`."""
    asset, partition = slot
    return asset if partition is None else f"{asset} [{partition}]"
