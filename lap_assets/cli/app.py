"""The command `lap`, assembled from its subcommands. Their options are defined in the other modules of this package."""

from typing import Annotated

import typer

from lap_assets import __version__
from lap_assets.cli.decisions import rules_app, verdicts_app, why
from lap_assets.cli.detect import detect
from lap_assets.cli.graph import refresh, run, status
from lap_assets.cli.home import adopt, repartition, ui, worker
from lap_assets.cli.label import label
from lap_assets.cli.label_work import app as labels_app
from lap_assets.cli.labels import convert, evaluate
from lap_assets.cli.release import app as release_app
from lap_assets.cli.release import diff
from lap_assets.cli.replica import demo, replica
from lap_assets.cli.review import app as review_app
from lap_assets.cli.settings import settings, warn_of_unknown_names
from lap_assets.cli.sites import sites
from lap_assets.cli.training import app as train_app
from lap_assets.cli.verify import verify
from lap_assets.cli.weights import app as weights_app

app = typer.Typer(
    help="LAP: anime posters from two sites, turned into a clean, labeled dataset.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def lap(show_version: Annotated[bool, typer.Option("--version", help="print the version")] = False) -> None:
    """LAP: anime posters from two sites, turned into a clean, labeled dataset."""
    if show_version:
        typer.echo(__version__)
        raise typer.Exit
    warn_of_unknown_names()


for _command in (
    demo, replica, run, refresh, status, adopt, ui, worker, repartition, why, label, convert, evaluate, detect, diff,
    verify, sites, settings,
):  # fmt: skip
    app.command()(_command)
for _name, _group in {
    "rules": rules_app, "verdicts": verdicts_app, "review": review_app, "weights": weights_app,
    "train": train_app, "labels": labels_app, "release": release_app,
}.items():  # fmt: skip
    app.add_typer(_group, name=_name)
