"""Small helpers for writing HTML by hand. The pages are in `mal_pages` and `wa_pages`."""

from html import escape
from urllib.parse import quote


def text(value: object) -> str:
    """Return `value` escaped for HTML text or a quoted attribute."""
    return escape(str(value))


def address(value: str) -> str:
    """Return an address for an attribute; letters and marks stay unencoded, as on the real sites."""
    return escape(value.replace(" ", "%20"))


def encoded(value: str) -> str:
    """Return a path encoded for use inside another address (`from=…`)."""
    return escape(quote(value, safe=""))


def entities(value: str) -> str:
    """Return HTML text as World Art writes it: colons and characters missing in windows-1251 as numeric entities."""
    escaped = escape(value, quote=False).replace("'", "&#39;").replace(":", "&#58;")
    return escaped.encode("cp1251", "xmlcharrefreplace").decode("cp1251")
