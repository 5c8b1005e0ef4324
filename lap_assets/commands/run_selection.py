"""The part of the graph that a command runs, and the steps that are held back.

Dagster is imported inside functions: the command starts its first worker process before it loads the graph.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lap_assets.commands.home import check_kind, check_writable
from lap_assets.core.errors import SettingsError
from lap_assets.core.subfolders import SUBFOLDERS, id_range
from lap_assets.run_context import RunContext

if TYPE_CHECKING:
    from lap_assets.engine.graph import Graph, Step

_RELEASE = "lap_dataset"


@dataclass(frozen=True, slots=True)
class RunSelection:
    """What a command runs: which part of the graph, whether due scrapes count, how many steps in parallel.

    `release_anyway`: make a release even if a scrape of the run is unfinished.
    `sites`: include the assets that ask a site and the inputs of such assets.
    """

    partitions: Sequence[str] = ()
    only: Sequence[str] = ()
    scrapes: bool = True
    jobs: int = 3
    release_anyway: bool = False
    sites: bool = True


def check(run_context: RunContext, selection: RunSelection) -> None:
    """Check the selected partitions and the home before any work begins.

    Raises:
        SettingsError, InputError: a setting or option is invalid.
    """
    for key in selection.partitions:
        id_range(key)
    check_writable(run_context.home)
    if selection.scrapes:
        check_kind(run_context.home, run_context.settings)


def selected_steps(run_context: RunContext, selection: RunSelection) -> "tuple[Graph, list[Step]]":
    """Return the graph, and the steps of the selection in execution order.

    Raises:
        SettingsError: `selection.only` names an unknown asset.
    """
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph

    graph = Graph(build_definitions(run_context))
    if unknown := sorted(set(selection.only) - set(graph.assets)):
        raise SettingsError(f"no asset {unknown[0]!r}: expected one of {', '.join(graph.assets)}")
    left_out = set() if selection.sites else _assets_of_sites()
    assets = [asset for asset in selection.only or graph.made_by_default if asset not in left_out]
    return graph, graph.steps(assets, selection.partitions or SUBFOLDERS)


def _assets_of_sites() -> set[str]:
    """Return the assets that ask a site, and those that scrapes are made from."""
    from lap_assets.sites.specs import site_specs

    return {
        asset
        for spec in site_specs()
        for asset in (spec.entry.catalog_asset, spec.entry.posters_asset, spec.posters.upstream)
    }


def release_hold(run_context: RunContext, selection: RunSelection, steps: "Sequence[Step]", step: "Step") -> str | None:
    """Return why a step is held back (a release waits for the scrapes of its run); None if it is not."""
    from lap_assets.sites.scrapes import unfinished_scrapes

    if _RELEASE not in step.assets or not selection.scrapes or selection.release_anyway:
        return None
    slots = {slot for one in steps for slot in one.slots}
    unfinished = [str(one) for one in unfinished_scrapes(run_context) if (one.asset, one.partition) in slots]
    if not unfinished:
        return None
    names = ", ".join(unfinished)
    return f"{names} unfinished; the next `lap run` makes it, `lap run --release-anyway` makes a partial one"
