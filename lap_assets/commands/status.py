"""`lap status`: the status of every asset's partitions."""

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.run_context import RunContext

# Each status has its own sign and color; either alone is enough to distinguish them.
_MARKS: Final = {
    "fresh": "[green]✓[/]",
    "stale": "[yellow]↻[/]",
    "missing": "[dim]·[/]",
    "failed": "[bold red]✗[/]",
    "running": "[cyan]▶[/]",
}


def statuses(run_context: RunContext) -> list[dict[str, Any]]:
    """Return a row per partition: asset, partition (None if unpartitioned), status, causes. Due counts as stale."""
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph
    from lap_assets.engine.plan import due_work
    from lap_assets.engine.records import open_records
    from lap_assets.engine.status import GraphStatus, Status

    graph = Graph(build_definitions(run_context))
    rows: list[dict[str, Any]] = []
    with open_records(run_context.home) as records:
        graph_status = GraphStatus(graph, records, run_context.home.tables)
        for asset in graph.assets:
            for slot in graph.slots(asset):
                found = graph_status.of(slot)
                if asset not in graph.made_by_default and found.status is Status.MISSING:
                    continue  # an optional asset that nobody has asked for
                status, reasons = found.status, list(found.reasons)
                if status is not Status.MISSING and (due := due_work(slot, graph_status, run_context)):
                    reasons.extend(due)
                    status = Status.STALE if status is Status.FRESH else status
                rows.append({"asset": asset, "partition": slot[1], "status": status.value, "causes": reasons})
    return rows


def status_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Return a colored table of assets by partitions."""
    legend = "  ".join(f"{mark} {status}" for status, mark in _MARKS.items())
    table = Table(caption=legend, caption_justify="left", caption_style="")
    table.add_column("asset", no_wrap=True)
    for key in SUBFOLDERS:
        table.add_column(key, justify="center")
    by_asset: dict[str, dict[str | None, str]] = {}
    for row in rows:
        by_asset.setdefault(row["asset"], {})[row["partition"]] = row["status"]
    for asset, cells in by_asset.items():
        if None in cells:
            table.add_row(asset, _MARKS[cells[None]])
        else:
            table.add_row(asset, *(_MARKS.get(cells.get(key, ""), "") for key in SUBFOLDERS))
    return table


def cause_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return a line for each partition that is neither fresh nor missing, with its reasons."""
    return [
        f"{_name(row)}: {row['status']}: {'; '.join(row['causes'])}"
        for row in rows
        if row["status"] not in ("fresh", "missing")
    ]


def _name(row: dict[str, Any]) -> str:
    return str(row["asset"]) if row["partition"] is None else f"{row['asset']} [{row['partition']}]"
