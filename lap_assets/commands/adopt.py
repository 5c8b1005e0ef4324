"""`lap adopt`: add an existing LAP folder to a home without a request to any site."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from lap_assets.commands.console import Terminal
from lap_assets.commands.home import check_writable
from lap_assets.core.files import replacing
from lap_assets.core.home import Home
from lap_assets.core.labels.files import LabelKind
from lap_assets.core.locks import held
from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of
from lap_assets.labels.adoption import LabelFiles, adopt_refined, baseline_table, conflicts, log_marks, read_label_files
from lap_assets.posters.adoption import Found, candidates, look_at, take_in
from lap_assets.posters.manifest import manifest
from lap_assets.release.provenance import is_replica_release
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import mark_replica, open_state
from lap_assets.sites.specs import site_specs

if TYPE_CHECKING:
    from dagster import DagsterInstance


@dataclass(frozen=True, slots=True)
class Survey:
    """The contents of a folder, and a line for each problem that prevents adoption."""

    posters: list[Found]
    labels: LabelFiles
    names: list[str]
    problems: list[str]


def survey(folder: Path, run_context: RunContext, first: Mapping[LabelKind, int]) -> Survey:
    """Survey the folder without changing anything. `first`: how many lines of each label file were reviewed.

    Raises:
        FileError: the folder is not a LAP folder.
    """
    named, problems = candidates(folder)
    posters, broken = look_at(named, limits=run_context.settings.picture_limits, progress=run_context.progress)
    names = [f"{one.name.subfolder}/{one.path.name}" for one in posters]
    labels = read_label_files(folder, names, first)
    conflicting = conflicts(folder, run_context.home.labels)
    return Survey(posters, labels, names, [*problems, *broken, *labels.problems, *conflicting])


def adopt(
    folder: Path, run_context: RunContext, terminal: Terminal, *, skip: bool, first: Mapping[LabelKind, int]
) -> int:
    """Adopt the folder and return the exit status. With `skip`, problems are left out instead of stopping everything.

    `first`: how many lines of a label file were reviewed, if the folder does not record it.

    Raises:
        SettingsError, FileError: the home is not writable, or there is no such folder.
        LockHeld: another command is using this home.
    """
    from lap_assets.engine.instance import open_instance

    home = run_context.home
    seen = survey(folder, run_context, first)
    for line in seen.problems:
        terminal.say(line)
    conflicting = conflicts(folder, home.labels)
    if conflicting or (seen.problems and not skip):
        terminal.say(f"{len(seen.problems)} problems; nothing was changed (--skip adopts everything else)")
        return 1
    check_writable(home)
    with held(home.run_lock, wait=False), open_instance(home) as instance:
        if is_replica_release(folder):
            mark_replica(home)
        taken = take_in(seen.posters, home, run_context.progress)
        sizes = {
            f"{one.name.subfolder}/{one.path.name}": (one.picture.width, one.picture.height) for one in seen.posters
        }
        files = adopt_refined(folder, seen.labels, seen.names, home.labels, sizes)
        contents = {one.path.name: one.picture.sha256 for one in seen.posters}
        marks = log_marks(seen.labels.marked, contents, home.verdicts)
        _register_posters(run_context, instance)
        _register_baseline(seen, home, instance)
    terminal.say(
        f"{taken:,} posters copied ({len(seen.posters) - taken:,} were already there); labels: {', '.join(files)}"
    )
    if home.replica_mark.exists():
        terminal.say("the posters were drawn by a replica; releases of this home will say so")
    for line in _counted(seen.labels):
        terminal.say(line)
    terminal.say(f"{marks:,} images marked for removal; `lap run` applies the marks")
    terminal.say("`lap run --no-sites` makes everything without asking a site; `lap run` also asks for what is new")
    return 0


def _counted(labels: LabelFiles) -> Iterator[str]:
    """Yield a line per label file: how many images and boxes it holds, and how many images count as reviewed."""
    for name, read in (*labels.refined.items(), *labels.baseline.items()):
        boxes = sum(read.count(image) for image in read)
        reviewed = f", {len(labels.reviewed[name]):,} reviewed" if name in labels.reviewed else ""
        yield f"{name}: {len(read):,} images, {boxes:,} boxes{reviewed}"


def _register_posters(run_context: RunContext, instance: "DagsterInstance") -> None:
    """Register every subfolder's manifests as if a scrape had made them, so that downstream assets can be made."""
    from lap_assets.assets.posters import VERSIONED

    for spec in site_specs():
        with open_state(run_context, spec.site) as state:
            pages = state.rows("SELECT DISTINCT page, mal_id FROM pictures")
            for key in SUBFOLDERS:
                own = {(page, mal_id) for page, mal_id in pages if subfolder_of(mal_id) == key}
                table = manifest(state, own, run_context.home)
                _register(
                    spec.entry.posters_asset,
                    key,
                    table,
                    run_context.home,
                    instance,
                    {"posters": table.height},
                    VERSIONED,
                )


def _register_baseline(seen: Survey, home: Home, instance: "DagsterInstance") -> None:
    """Register the boxes that came with the folder; they hold until a detector of the settings makes its own."""
    for asset, labels in seen.labels.baseline.items():
        for key in SUBFOLDERS:
            own = {one.path.name: one.picture.sha256 for one in seen.posters if one.name.subfolder == key}
            table = baseline_table(labels, own, key)
            if table.height and not table_path(home.tables, asset, key).exists():
                _register(asset, key, table, home, instance, {"images": table.height})


def _register(
    asset: str,
    key: str,
    table: pl.DataFrame,
    home: Home,
    instance: "DagsterInstance",
    counts: dict[str, Any],
    versioned: Sequence[str] | None = None,
) -> None:
    import dagster as dg

    from lap_assets.versions import content_version

    with replacing(table_path(home.tables, asset, key)) as beside:
        table.write_parquet(beside, compression="zstd", statistics=True)
    instance.report_runless_asset_event(
        dg.AssetMaterialization(
            asset,
            partition=key,
            description="adopted from a folder",
            metadata=counts,
            tags={"dagster/data_version": content_version(table, versioned).value},
        )
    )
