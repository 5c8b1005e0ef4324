"""`lap demo` and `lap replica`: run the graph on a replica of both sites, or serve the replica alone."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from lap_assets.cli.options import DEMO_SEED, Jobs, ReleaseAnyway
from lap_assets.commands.console import Terminal
from lap_assets.startup import load_settings

_DEMO_ANIME: Final = 240


def demo(
    anime: Annotated[int, typer.Option(min=30, help="anime in the generated catalog")] = _DEMO_ANIME,
    seed: Annotated[int, typer.Option(help="random seed of the generated catalog")] = DEMO_SEED,
    jobs: Jobs = 3,
    release_anyway: ReleaseAnyway = False,
) -> None:
    """Run the whole graph on a local replica of both sites. Results go into LAP_HOME or ./lap_demo."""
    from lap_assets.commands.demo import demo as run_demo
    from lap_assets.commands.run_selection import RunSelection
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.serving import serve_in_subprocess

    os.environ.setdefault("LAP_HOME", "lap_demo")
    settings = load_settings()
    replica = serve_in_subprocess(procedural_catalog(anime, seed))
    with Terminal() as terminal:
        raise typer.Exit(
            run_demo(
                settings,
                terminal,
                replica=replica,
                traits={"anime": anime, "seed": seed},
                selection=RunSelection(jobs=jobs, release_anyway=release_anyway),
            )
        )


def replica(
    anime: Annotated[int, typer.Option(min=1, help="anime in the generated catalog")] = _DEMO_ANIME,
    seed: Annotated[int, typer.Option(help="random seed of the generated catalog")] = DEMO_SEED,
    catalog: Annotated[
        Path | None,
        typer.Option(help="a folder with the four lists of the original dataset"),
    ] = None,
    rx_share: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="share of anime rated Rx (default 0.06; with --catalog, 0)"),
    ] = None,
    months: Annotated[int, typer.Option(min=0, help="serve the sites' state this many months later")] = 0,
    style: Annotated[str, typer.Option(help="how figures are drawn: standard, chibi, ink, toon or chalk")] = "standard",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port; 0 picks a free one")] = 8765,
    log: Annotated[Path | None, typer.Option(help="file that gets a JSON line per request")] = None,
    faults: Annotated[
        list[str] | None,
        typer.Option(help="faults to inject: KIND[*FIRST][=SHARE%][@PATTERN], such as all=1%; may be repeated"),
    ] = None,
) -> None:
    """Serve a local replica of both sites until Ctrl-C. Its address, for LAP_SITES_URL, is printed."""
    from lap_assets.replica.fault_kinds import parse_faults
    from lap_assets.replica.lists import catalog_from_lists
    from lap_assets.replica.months import later
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.renderer.styles import style_of
    from lap_assets.replica.serving import run_replica

    if catalog is not None:
        chosen = catalog_from_lists(catalog, rx_share=rx_share or 0.0, seed=seed)
    else:
        chosen = procedural_catalog(anime, seed, 0.06 if rx_share is None else rx_share)
    run_replica(
        later(replace(chosen, style=style_of(style).name), months),
        port=port,
        request_log=log,
        faults=parse_faults(faults or [], seed),
        on_ready=lambda url: print(f"LAP_SITES_URL={url}", flush=True),
    )
