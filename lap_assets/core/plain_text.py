"""Safe display of text from outside: checks of names, and escaping for terminals and Markdown.

Control characters move a terminal's cursor, color it, or set its title; bidirectional marks reorder a line; Markdown
becomes links and pictures in a browser.
"""

import re
from typing import Final

from lap_assets.core.errors import InputError

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]()<>#!|&~]")
_LONGEST_NAME: Final = 200


def check_label(text: str, what: str) -> str:
    """Check the name of a class or a reviewer, and return it without surrounding spaces.

    Raises:
        InputError: it is empty, holds control characters or bidirectional marks, or is longer than 200 characters.
    """
    name = text.strip(" \t")
    if not name:
        raise InputError(f"{what} is empty")
    if len(name) > _LONGEST_NAME:
        raise InputError(f"{what} has {len(name):,} characters; expected at most {_LONGEST_NAME}")
    if _UNPRINTABLE.search(name):
        raise InputError(f"{what} '{printable(name)}' holds characters that cannot be printed")
    return name


def printable(text: str) -> str:
    """Return text for one line of a terminal, with unprintable characters escaped as in `\\x1b`."""
    return _UNPRINTABLE.sub(lambda found: _escape(found[0]), text)


def markdown(text: object) -> str:
    """Return text for a cell or line of Markdown, escaped so that it is never a link, a picture or HTML."""
    return _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", printable(str(text)))


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
