"""Shared keys: commands common to the three tools have one key in all of them, in the help and in the docs."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from lap_gui.comparer.commands import KEYS as COMPARER
from lap_gui.explorer.commands import KEYS as EXPLORER
from lap_gui.labeler.commands import COMMANDS as LABELER
from lap_gui.labeler.commands import help_rows
from lap_gui.shared.keys import IN_ALL_TOOLS, Command

DOCS: Final = Path(__file__).parents[2] / "docs" / "review.md"
TOOLS: Final[dict[str, Sequence[Command]]] = {
    "the Comparer": COMPARER.commands,
    "the Explorer": EXPLORER.commands,
    "the Labeler": LABELER,
}
COMMON: Final = {
    "help": "F1", "close": "Ctrl+q", "undo": "Ctrl+z", "redo": "Ctrl+y", "past decisions": "j",
    "accept what is suggested": "Ctrl+a", "next undecided": "n",
}  # fmt: skip
LACKS: Final = {("the Explorer", "accept what is suggested")}


def command_of(tool: str, key: str) -> Command | None:
    return next((command for command in TOOLS[tool] if key in command.keys), None)


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_has_the_common_keys_under_one_heading_of_its_help(tool: str) -> None:
    found = {meaning: command_of(tool, key) for meaning, key in COMMON.items() if (tool, meaning) not in LACKS}
    for meaning, command in found.items():
        assert command is not None, meaning
        assert command.group == IN_ALL_TOOLS, meaning
    headed = [command for command in TOOLS[tool] if command.group == IN_ALL_TOOLS]
    assert sorted(command.name for command in headed) == sorted(one.name for one in found.values() if one is not None)


def test_common_commands_are_in_the_labelers_shortened_help() -> None:
    shown = {command.name for command in help_rows()}
    assert {command.name for command in LABELER if command.group == IN_ALL_TOOLS} <= shown


def test_the_table_in_the_docs_has_all_keys_of_the_common_commands() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in DOCS.read_text(encoding="utf-8").partition("## Shared keys")[2].splitlines()
        if line.startswith("|")
    ]
    assert rows[0][1:] == list(TOOLS)
    documented = {cells[0]: cells[1:] for cells in rows[2:]}
    assert list(documented) == list(COMMON)
    for meaning, cells in documented.items():
        for tool, cell in zip(TOOLS, cells, strict=True):
            command = None if (tool, meaning) in LACKS else command_of(tool, COMMON[meaning])
            keys = [] if command is None else command.shown.split("  ")
            assert re.findall(r"`([^`]+)`", cell) == keys, (meaning, tool)
