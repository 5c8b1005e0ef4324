"""Checking a command line without running it: the words are parsed by the command that they name."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import typer
from typer.main import get_command

from lap_assets.cli.app import app


@cache
def root() -> Any:
    """The command `lap`."""
    return get_command(app)


def leaves(group: Any = None, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every command by its words, groups left out."""
    found: dict[tuple[str, ...], Any] = {}
    for name, command in (group or root()).commands.items():
        path = (*above, name)
        found |= leaves(command, path) if hasattr(command, "commands") else {path: command}
    return found


def command_of(words: Sequence[str]) -> tuple[Any, list[str]]:
    """The command that these words (without `lap`) name, and the words after its name."""
    command, rest = root(), list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            raise AssertionError(f"no command {rest[0]!r} in {' '.join(words)}")
        command = command.commands[rest.pop(0)]
    return command, rest


def parse(words: Sequence[str]) -> None:
    """Passes where `lap` would take these words.

    Raises:
        AssertionError: it would not; the message says why.
    """
    command, rest = command_of(words)
    try:
        command.make_context("lap", rest)
    except typer.Exit:
        return
    except Exception as error:  # the parser's own errors have no public base
        raise AssertionError(f"lap {' '.join(words)}: {error}") from error


def options_of(command: Any) -> set[str]:
    """The long options of a command."""
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")} - {"--help"}
