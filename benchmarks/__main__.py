"""`python -m benchmarks`: the command line of the measurements, which are in the other modules."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from lap_assets.cli import main
from lap_assets.cli.options import DEMO_SEED
from lap_assets.commands.console import Terminal
from lap_assets.startup import load_run_context

app = typer.Typer(help="Measurements.", invoke_without_command=True)


@app.callback()
def bench(context: typer.Context) -> None:
    """Measure everything, or one part of it."""
    if context.invoked_subcommand is None:
        context.invoke(bench_duplicates)
        context.invoke(bench_rules)
        context.invoke(bench_models)
        context.invoke(bench_release)


@app.command("duplicates")
def bench_duplicates(
    imagededup_python: Annotated[Path | None, typer.Option(help="Python with imagededup, to measure it too")] = None,
    vectors: Annotated[int, typer.Option(min=100, help="how many vectors to search")] = 20_000,
) -> None:
    """Compare hashing and pair search with imagehash, faiss, numpy (and imagededup) on the same input."""
    from benchmarks.report import speed

    terminal = Terminal()
    for table in speed(imagededup_python=imagededup_python, vectors=vectors):
        terminal.console.print(table)


@app.command("rules")
def bench_rules(
    catalog: Annotated[Path | None, typer.Option(help="lists of the home's replica; a demo needs none")] = None,
    seed: Annotated[int, typer.Option(help="seed of that replica")] = DEMO_SEED,
) -> None:
    """Measure precision and recall of the rules by a replica's truth, per kind of copy (LAP_HOME, or lap_demo)."""
    from benchmarks.report import accuracy
    from lap_assets.commands.home import demo_traits
    from lap_assets.replica.lists import catalog_from_lists
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.truth import true_pairs

    os.environ.setdefault("LAP_HOME", "lap_demo")
    run_context, terminal = load_run_context(), Terminal()
    traits = demo_traits(run_context.home)
    if traits is None and catalog is None:
        terminal.say(f"no demo in {run_context.home.root}: run `lap demo` first, or pass the lists with --catalog")
        return
    served = catalog_from_lists(catalog, seed=seed) if catalog is not None else procedural_catalog(**traits or {})
    plot = run_context.home.root / "bench" / "precision_recall.png"
    for table in accuracy(run_context.settings, run_context.home, true_pairs(served), plot):
        terminal.console.print(table)
    terminal.say(f"precision and recall by distance: {plot}; every combination of copies: {plot.with_suffix('.csv')}")


@app.command("models")
def bench_models(
    names: Annotated[
        list[str] | None, typer.Argument(help="models, including onnx:FILE; default: all of LAP's")
    ] = None,
    device: Annotated[str | None, typer.Option(help="torch's device; default: LAP_DEVICE, or else the best")] = None,
    pictures: Annotated[int, typer.Option(min=8, help="JPEG files to draw and read")] = 128,
) -> None:
    """Measure models at full size on JPEG files, with random weights if LAP_HOME has none."""
    from benchmarks.report import models

    run_context, terminal = load_run_context(), Terminal()
    terminal.console.print(models(run_context.settings, run_context.home, names or [], device, pictures))


@app.command("copies")
def bench_copies(
    folder: Annotated[Path, typer.Argument(help="pictures that show different things; subfolders included")],
    embedder: Annotated[str | None, typer.Option(help="the embedder; default: LAP_EMBEDDER")] = None,
) -> None:
    """Measure how well an embedder tells copies of pictures (15 kinds, made here) from other pictures."""
    from benchmarks.copies import judge_copies, lines, pictures_in
    from lap_assets.models import load_embedder

    run_context, terminal = load_run_context(), Terminal()
    settings = run_context.settings
    name = embedder or settings.embedder
    model = load_embedder(name, weights=run_context.home.weights, device=settings.device)
    for line in lines(name, judge_copies(model, pictures_in(folder), settings.picture_limits)):
        terminal.say(line)


@app.command("release")
def bench_release(
    images: Annotated[int, typer.Option(min=1, help="how many images, of a few bytes each")] = 45_000,
) -> None:
    """Measure the time to assemble, write, verify and pack a release, and to request it again."""
    from benchmarks.report import release

    Terminal().console.print(release(images))


@app.command("gui")
def bench_gui(
    images: Annotated[int, typer.Option(min=600, help="poster-sized pictures to page through")] = 2000,
    labels: Annotated[int, typer.Option(min=10, help="files with labels to open")] = 45_000,
) -> None:
    """Measure how long a person waits in the review tools. Needs a display; `xvfb-run` provides one."""
    from benchmarks.report import gui

    Terminal().console.print(gui(images, labels))


@app.command("engine")
def bench_engine(runs: Annotated[int, typer.Option(min=1, help="runs of each kind")] = 20) -> None:
    """Measure the overhead of a run of one step, in LAP's graph and in bare Dagster."""
    from benchmarks.report import engine

    Terminal().console.print(engine(runs))


@app.command("home")
def bench_home(
    posters: Annotated[int, typer.Option(min=200, help="number of invented posters")] = 73_441,
) -> None:
    """Measure commands on a home with many posters, from pairs on. The first refresh takes minutes."""
    from tempfile import TemporaryDirectory

    from benchmarks.home_times import home_times

    terminal = Terminal()
    with TemporaryDirectory(prefix="lap-bench-") as folder:
        for one in home_times(Path(folder), posters):
            terminal.say(
                f"{one.what}: {one.seconds:.1f} s, {one.processor:.1f} s of processor time, {one.peak:,.0f} MB:"
                f" {one.last_line}"
            )


@app.command("index")
def bench_index(
    vectors: Annotated[
        int, typer.Option(min=100_000, help="number of vectors; a million of width 1024 take 5 GB")
    ] = 1_000_000,
    width: Annotated[int, typer.Option(min=8, help="numbers per vector")] = 1024,
) -> None:
    """Measure, by sampling, from what size an index beats the exact search of vectors."""
    from benchmarks.report import index

    Terminal().console.print(index(vectors, width))


@app.command("review")
def bench_review(
    worlds: Annotated[Path, typer.Option(help="folder in which drawn worlds are kept")] = Path("lap_worlds"),
) -> None:
    """Measure how many decisions a simulated reviewer needs. Drawing the worlds takes minutes."""
    from benchmarks.review_report import review

    Terminal().console.print(review(worlds))


@app.command("review-fit")
def bench_review_fit(
    worlds: Annotated[Path, typer.Option(help="folder in which drawn worlds are kept")] = Path("lap_worlds"),
) -> None:
    """Fit the probability of pairs to replica worlds and write it into the package. Takes minutes."""
    from benchmarks.review_fit import fit_shipped
    from lap_assets.review.pair_model import SHIPPED

    fit_shipped(worlds)
    Terminal().say(f"wrote {SHIPPED}")


@app.command("labeling")
def bench_labeling(
    kept_in: Annotated[Path, typer.Option(help="folder for drawn images and trained models")] = Path("lap_worlds"),
    style: Annotated[str, typer.Option(help="drawing style of the replica")] = "chibi",
    labeled: Annotated[list[int] | None, typer.Option(help="number of labeled images; may be repeated")] = None,
    tested: Annotated[int, typer.Option(min=20, help="images to measure on")] = 200,
    steps: Annotated[int, typer.Option(min=10, help="steps per training")] = 120,
    look: Annotated[float, typer.Option(min=0, help="seconds to look at an image and decide")] = 1.5,
    box: Annotated[float, typer.Option(min=0, help="seconds to draw or correct a box")] = 3.5,
    key: Annotated[float, typer.Option(min=0, help="seconds to press a class key")] = 1.0,
) -> None:
    """Measure the time that suggestions of a model save when labeling. Drawing and each training take minutes."""
    from benchmarks.labeling import LabelingPlan, labeling
    from benchmarks.labeling_person import PersonCosts

    plan = LabelingPlan(style, tuple(labeled or (30, 100)), tested, steps=steps, costs=PersonCosts(look, box, key))
    for part in labeling(plan, kept_in):
        Terminal().console.print(part)


@app.command("labeling-classes")
def bench_labeling_classes(
    kept_in: Annotated[Path, typer.Option(help="folder for drawn images")] = Path("lap_worlds"),
    style: Annotated[str, typer.Option(help="drawing style of the replica")] = "chibi",
    labeled: Annotated[list[int] | None, typer.Option(help="number of labeled images; may be repeated")] = None,
    tested: Annotated[int, typer.Option(min=20, help="images to measure on")] = 200,
) -> None:
    """Measure how many face classes are classified correctly after a number of labeled images. Takes a minute."""
    from benchmarks.labeling import LabelingPlan
    from benchmarks.labeling_classes import labeling_classes

    for part in labeling_classes(LabelingPlan(style, tuple(labeled or (100, 200)), tested), kept_in):
        Terminal().console.print(part)


if __name__ == "__main__":
    main(partial(app, prog_name="python -m benchmarks"))
