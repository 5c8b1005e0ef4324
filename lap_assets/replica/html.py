"""Small helpers for writing the pages' HTML by hand. What the pages hold is in `mal_pages` and `wa_pages`."""

from html import escape
from urllib.parse import quote


def text(value: object) -> str:
    """`value` as HTML text or inside a quoted attribute."""
    return escape(str(value))


def address(value: str) -> str:
    """Return an address for an attribute: letters and marks stay as they are written, as on the real sites."""
    return escape(value.replace(" ", "%20"))


def encoded(value: str) -> str:
    """Return a path inside another address (`from=…`)."""
    return escape(quote(value, safe=""))


def entities(value: str) -> str:
    """HTML text as World Art writes it: colons and what windows-1251 lacks are numeric entities."""
    escaped = escape(value, quote=False).replace("'", "&#39;").replace(":", "&#58;")
    return escaped.encode("cp1251", "xmlcharrefreplace").decode("cp1251")
