"""`lap why`, `lap rules preview`, `lap verdicts`: explain decisions, and move verdicts between machines."""

from pathlib import Path

import polars as pl
from rich.table import Table

from lap_assets.commands.tables import all_pairs, all_rows, verdict_logs
from lap_assets.core.files import write_bytes
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.plain_text import printable
from lap_assets.core.verdicts.log import conflicts, export_verdicts, import_verdicts, read_verdicts
from lap_assets.duplicates.explain import explain
from lap_assets.duplicates.poster_sizes import poster_sizes
from lap_assets.duplicates.preview import contact_sheet, preview_rules, sample_pairs
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import rules_from
from lap_assets.duplicates.tables import readable_posters
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.settings import Settings

_SAMPLES = 12


def why(home: Home, name: str, settings: Settings) -> list[str]:
    """Return a few lines that explain why a poster was kept or removed.

    Raises:
        InputError: there is no such poster.
    """
    canonical = str(PosterName.parse(Path(name).name))
    verdicts = verdicts_table(read_verdicts(verdict_logs(home)))
    sizes = poster_sizes(readable_posters(all_rows(home, "image_hashes")), rules_from(settings.rules).keep)
    return explain(canonical, all_rows(home, "dedup_decisions"), all_pairs(home), verdicts, sizes)


def preview(settings: Settings, home: Home, sheets: Path) -> pl.DataFrame:
    """Return what each rule of the settings would affect; write a contact sheet of samples per rule into `sheets`."""
    rules = rules_from(settings.rules)
    posters, pairs = all_rows(home, "image_hashes"), all_pairs(home)
    for rule in rules.rules:
        sample = sample_pairs(posters, pairs, rules, rule.name, _SAMPLES)
        if sample.height:
            sheet = contact_sheet(sample, home.poster)
            write_bytes(sheets / f"{rule.name}.png", sheet)
    return preview_rules(posters, pairs, rules, verdicts_table(read_verdicts(verdict_logs(home))))


def shown(frame: pl.DataFrame) -> Table:
    """Return a frame as a table for the terminal."""
    table = Table(*frame.columns)
    for row in frame.iter_rows():
        table.add_row(*map(_cell, row))
    return table


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:,}"
        if isinstance(value, int)
        else f"{value:.3f}"
        if isinstance(value, float)
        else printable(str(value))
    )


def check_verdicts(settings: Settings, home: Home) -> list[str]:
    """Return a line per problem of the verdicts: invalid lines, conflicts, verdicts on missing posters."""
    verdicts = read_verdicts(verdict_logs(home))
    lines = [str(problem) for problem in verdicts.problems]
    lines += [f"conflict: {conflict}" for conflict in conflicts(verdicts)]
    table = verdicts_table(verdicts)
    resolved = resolve(all_rows(home, "image_hashes"), all_pairs(home), table, rules_from(settings.rules))
    reported = {str(conflict) for conflict in conflicts(verdicts)}
    lines += [f"conflict: {line}" for line in resolved.conflicts if line not in reported]
    for row in resolved.not_applying.iter_rows(named=True):
        posters = row["first"] if row["second"] is None else f"{row['first']} and {row['second']}"
        lines.append(
            f"does not apply today: {row['reviewer']} on {posters} ({row['verdict']}): no poster has this content"
        )
    return lines


def export_to(home: Home, file: Path) -> list[str]:
    """Write all verdicts into one file. Return a line per unreadable line, and one with the count."""
    count, problems = export_verdicts(verdict_logs(home), file)
    return [*map(str, problems), f"{count:,} lines in {file}"]


def import_from(home: Home, file: Path) -> list[str]:
    """Import a file of verdicts. Return a line per skipped line, and one with the counts.

    Raises:
        FileError: there is no such file.
    """
    report = import_verdicts(file, home.verdicts)
    return [*map(str, report.problems), f"{report.added:,} new lines, {report.known:,} already known"]
