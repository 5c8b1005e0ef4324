"""The pages of the documentation, taken apart: fenced blocks, command lines, links, headings."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (
    *sorted(path for path in ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "deploy" / "README.md",
)
_FENCE: Final = re.compile(r"^```(?P<head>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_CODE: Final = re.compile(r"`([^`]+)`")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FencedBlock:
    """A fenced block: its page, language, further words of the fence's head, and text."""

    page: Path
    language: str
    marks: tuple[str, ...]
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[FencedBlock]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    found = []
    for one in _FENCE.finditer(text):
        language, *marks = one["head"].split() or [""]
        found.append(FencedBlock(page, language, tuple(marks), one["body"], text.count("\n", 0, one.start()) + 1))
    return found


def all_blocks(language: str) -> list[FencedBlock]:
    """The blocks of a language on all pages."""
    return [block for page in PAGES for block in blocks(page) if block.language == language]


def lines(block: FencedBlock) -> Iterator[list[str]]:
    """The command lines of a console block, each as a list of words: comments gone, continued lines joined."""
    open_quote = ""
    for line in block.text.replace("\\\n", " ").splitlines():
        try:
            words = shlex.split(open_quote + line, comments=True)
        except ValueError:  # a quotation goes on in the next line
            open_quote += f"{line}\n"
            continue
        open_quote = ""
        if words:
            yield words


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def inline_code(page: Path) -> list[str]:
    """What stands between single backticks, with single spaces."""
    return [" ".join(text.split()) for text in _CODE.findall(prose(page))]


def links(page: Path) -> list[str]:
    """The targets of all links and pictures."""
    return [one["target"] for one in _LINK.finditer(_CODE.sub("", prose(page)))]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-")
        for heading in _HEADING.findall(prose(page))
    }


def table_rows(page: Path) -> list[list[str]]:
    """The cells of all rows of all tables, heads and rulers left out."""
    rows = [line for line in prose(page).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    return [row for row in cells if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
