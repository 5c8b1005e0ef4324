"""Which part of the graph a command runs, and what of it waits.

Nothing here imports Dagster before it is used: the command starts its first worker process before it loads the graph.
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
    """What a command runs: which part of the graph, whether due scrapes count, how many steps at a time.

    `release_anyway`: whether a release is made although a scrape of the run is unfinished.
    `sites`: whether the assets that ask a site, or stand on one's catalog, are part of it.
    """

    partitions: Sequence[str] = ()
    only: Sequence[str] = ()
    scrapes: bool = True
    jobs: int = 3
    release_anyway: bool = False
    sites: bool = True


def check(run_context: RunContext, selection: RunSelection) -> None:
    """Looks at what is asked for and at the home, before anything else begins.

    Raises:
        SettingsError, InputError: something asked for does not exist or cannot be.
    """
    for key in selection.partitions:
        id_range(key)
    check_writable(run_context.home)
    if selection.scrapes:
        check_kind(run_context.home, run_context.settings)


def selected_steps(run_context: RunContext, selection: RunSelection) -> "tuple[Graph, list[Step]]":
    """The graph, and the steps of the selection in their order.

    Raises:
        SettingsError: no asset has a name that was asked for.
    """
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph

    graph = Graph(build_definitions(run_context))
    if unknown := sorted(set(selection.only) - set(graph.assets)):
        raise SettingsError(f"no asset {unknown[0]!r}: there are {', '.join(graph.assets)}")
    left_out = set() if selection.sites else _assets_of_sites()
    wanted = [asset for asset in selection.only or graph.unasked if asset not in left_out]
    return graph, graph.steps(wanted, selection.partitions or SUBFOLDERS)


def _assets_of_sites() -> set[str]:
    """The assets that ask a site, and what a scrape is made from."""
    from lap_assets.sites.specs import site_specs

    return {
        asset
        for spec in site_specs()
        for asset in (spec.entry.catalog_asset, spec.entry.posters_asset, spec.posters.upstream)
    }


def release_hold(run_context: RunContext, selection: RunSelection, steps: "Sequence[Step]", step: "Step") -> str | None:
    """Why a step is not made: a release waits for the scrapes of its run."""
    from lap_assets.sites.scrapes import unfinished_scrapes

    if _RELEASE not in step.assets or not selection.scrapes or selection.release_anyway:
        return None
    ours = {slot for one in steps for slot in one.slots}
    left = [str(one) for one in unfinished_scrapes(run_context) if (one.asset, one.partition) in ours]
    if not left:
        return None
    return f"{', '.join(left)} unfinished; the next `lap run` makes it, `lap run --release-anyway` makes a partial one"
