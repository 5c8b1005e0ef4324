"""Every command line of the pages is one that LAP takes, and docs/commands.md has every command with its options."""

import re
import tomllib
from pathlib import Path

import pytest

from lap_assets.settings import Settings
from tests.docs.command_lines import command_of, leaves, options_of, parse
from tests.docs.pages import PAGES, ROOT, FencedBlock, all_blocks, inline_code, lines, prose, table_rows

PAGE = ROOT / "docs" / "commands.md"
SCRIPTS = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"])
EXTRAS = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
FOREIGN = {"source", "cd", "tar", "rsync", "docker", "kubectl", "helm", "for", "done", "git"}
"""Programs of others, which need not be here."""


def identifier(block: FencedBlock) -> str:
    return str(block)


def check(words: list[str]) -> None:
    """Passes where a line of a console block is right, as far as that can be said without running it."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    program, rest = Path(words[0]).name, words[1:]
    if program == "export":
        known = {f"LAP_{name.upper()}" for name in Settings.model_fields}
        assert all(word.split("=")[0] in known or "PASSWORD" in word or word[0].islower() for word in rest), words
    elif program == "lap":
        parse(rest)
    elif program == "make":
        assert {word for word in rest if "=" not in word} <= TARGETS, words
    elif program in SCRIPTS:
        parse_tool(program.removeprefix("lap-"), rest)
    elif program.startswith("python"):
        check_python(rest)
    elif program == "pip":
        check_pip(rest)
    else:
        assert program in FOREIGN, words


def check_python(words: list[str]) -> None:
    match words:
        case ["-m", "pip", *rest]:
            check_pip(rest)
        case ["-m", module, *rest] if module.startswith("lap_gui."):
            parse_tool(module.removeprefix("lap_gui."), rest)
        case ["-m", "venv" | "pytest" | "tests.fuzz" | "tests.crashes", *_]:
            pass
        case _:
            raise AssertionError(words)


def check_pip(words: list[str]) -> None:
    for word in words:
        if found := re.search(r"\[([\w,]+)\]", word):
            assert set(found[1].split(",")) <= EXTRAS, words
        if word.endswith(".txt"):
            assert (ROOT / word).exists(), words


def parse_tool(tool: str, words: list[str]) -> None:
    options = {word for word in words if word.startswith("--")}
    module = (ROOT / "lap_gui" / tool / "__main__.py").read_text(encoding="utf-8")
    shared = (ROOT / "lap_gui" / "review" / "command_line.py").read_text(encoding="utf-8")
    assert all(f'"{option}"' in module + shared for option in options), words


@pytest.mark.parametrize("block", all_blocks("console"), ids=identifier)
def test_command_lines_are_taken(block: FencedBlock) -> None:
    for words in lines(block):
        check(words)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_within_sentences_exist(page: Path) -> None:
    if page.name == "CHANGELOG.md":
        pytest.skip("it speaks of the past")
    for code in inline_code(page):
        words = code.split()
        if words[0] == "lap" and len(words) > 1 and re.fullmatch(r"[a-z]+", words[1]):
            command, rest = command_of([word for word in words[1:] if "|" not in word])
            named = {word.split("=")[0] for word in rest if word.startswith("--")}
            assert named <= options_of(command) | {"--help"}, code
        if words[0] == "make" and len(words) > 1:
            assert words[1] in TARGETS, code


def test_every_command_stands_there_with_all_its_options() -> None:
    rows = {row[0].strip("`"): row for row in table_rows(PAGE) if row[0].startswith("`lap ")}
    there = leaves()
    assert set(rows) == {f"lap {' '.join(path)}" for path in there}
    for path, command in there.items():
        named = set(re.findall(r"--[a-z-]+", " ".join(rows[f"lap {' '.join(path)}"])))
        assert named == options_of(command), path


def test_every_exit_status_of_an_error_stands_there() -> None:
    from lap_assets.core import errors

    statuses = {int(row[0]) for row in table_rows(PAGE) if row[0].isdigit()}
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.LapError)]
    assert {one.exit_status for one in classes} | {0, 1} <= statuses
    assert "Exit status" not in prose(ROOT / "README.md")
