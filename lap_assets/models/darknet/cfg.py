"""Darknet's cfg text: sections in square brackets, each with `key=value` lines. No torch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lap_assets.core.errors import CfgError

SECTIONS: Final = ("net", "convolutional", "shortcut", "route", "upsample", "yolo")


@dataclass(frozen=True, slots=True)
class Block:
    """One section: its name, its options as text, and its line."""

    section: str
    options: Mapping[str, str]
    file: str = "cfg"
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)

    def integer(self, key: str, default: int | None = None) -> int:
        """Return the option as a whole number.

        Raises:
            CfgError: it is not a whole number, or is missing and has no default.
        """
        return self.integers(key, None if default is None else str(default), exactly=1)[0]

    def integers(self, key: str, default: str | None = None, exactly: int | None = None) -> list[int]:
        """Return the option as whole numbers separated by commas. `exactly`: how many are expected, if given.

        Raises:
            CfgError: as in `integer`.
        """
        text = self.text(key, default)
        try:
            numbers = [int(part) for part in text.split(",")]
        except ValueError:
            raise self.error(key, f"{key}={text}: expected whole numbers") from None
        if exactly is not None and len(numbers) != exactly:
            raise self.error(key, f"{key}={text}: expected {exactly} whole number{'s' * (exactly > 1)}")
        return numbers

    def floats(self, key: str) -> list[float]:
        """Return the option as numbers separated by commas.

        Raises:
            CfgError: as in `integer`.
        """
        text = self.text(key)
        try:
            return [float(part) for part in text.split(",")]
        except ValueError:
            raise self.error(key, f"{key}={text}: expected numbers") from None

    def text(self, key: str, default: str | None = None) -> str:
        """Return the option as text.

        Raises:
            CfgError: it is missing and has no default.
        """
        value = self.options.get(key, default)
        if value is None:
            raise self.error(key, f"[{self.section}] has no {key}")
        return value

    def error(self, key: str | None, what: str) -> CfgError:
        """Return an error with the file and the line of that option, or of the section."""
        return CfgError(f"{self.file}, line {self.lines.get(key or '', self.line)}: {what}")


def parse_cfg(text: str, file: str = "cfg") -> list[Block]:
    """Return the sections of a cfg, [net] first. `file`: its name in errors.

    Raises:
        CfgError: a line is neither a section nor `key=value`, a section is unknown, or [net] does not come first.
    """
    blocks: list[Block] = []
    options: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, content in _contents(text):
        if content.startswith("["):
            options, lines = {}, {}
            blocks.append(Block(_section(content, file, line), options, file, line, lines))
            continue
        key, equals, value = (part.strip() for part in content.partition("="))
        if not (key and equals and value):
            raise CfgError(f"{file}, line {line}: expected [section] or key=value: {content}")
        if not blocks:
            raise CfgError(f"{file}, line {line}: {key} is before the first [section]")
        options[key], lines[key] = value, line
    if not blocks or blocks[0].section != "net":
        raise CfgError(f"{file}, line {blocks[0].line if blocks else 1}: expected [net] as the first section")
    if any(block.section == "net" for block in blocks[1:]):
        raise CfgError(f"{file}, line {[block.line for block in blocks if block.section == 'net'][1]}: a second [net]")
    return blocks


def _contents(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with content and their numbers; comments begin with # or ;."""
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split("#")[0].split(";")[0].strip()
        if content:
            yield number, content


def _section(content: str, file: str, line: int) -> str:
    section = content[1:-1].strip() if content.endswith("]") else ""
    if section not in SECTIONS:
        raise CfgError(f"{file}, line {line}: {content} is not one of {', '.join(f'[{known}]' for known in SECTIONS)}")
    return section
