"""`lap sites` and `lap sites reset SITE`."""

import json
from typing import Annotated

import typer

from lap_assets.cli.options import Json
from lap_assets.core.errors import InputError
from lap_assets.core.plain_text import printable

_RESET = "reset"


def sites(
    action: Annotated[str | None, typer.Argument(help="reset: forget a site's breaker, waits and robots.txt")] = None,
    site: Annotated[str | None, typer.Argument(help="the site to reset: mal or wa")] = None,
    as_json: Json = False,
) -> None:
    """Show each site's health. That is: last success, breaker, robots.txt, requests, and failing pages."""
    from lap_assets.commands.sites import lines_of, reset_site, sites_health
    from lap_assets.startup import load_reading_context

    if action is not None:
        if action != _RESET or site is None:
            raise InputError(
                f"{' '.join(filter(None, (action, site)))!r}: expected `lap sites` or `lap sites reset SITE`"
            )
        forgotten = reset_site(load_reading_context(), site)
        typer.echo(f"{site}: forgot {', '.join(forgotten)}" if forgotten else f"{site}: nothing to forget")
        return
    found = sites_health(load_reading_context())
    if as_json:
        typer.echo(json.dumps([health.as_row() for health in found], indent=1))
        return
    for health in found:
        for line in lines_of(health):
            typer.echo(printable(line))
