"""Known firewall refusals, by status, header and body: a block must never be taken for a page or a missing page."""

from collections.abc import Mapping
from typing import Final

from lap_assets.sites.markup import decode, looks_blocked, select, title_of

BODY_LIMIT: Final = 256 * 1024
"""Bytes of an error response that are read to recognize a block page."""

# Web application firewalls answer a GET with these statuses; pages and pictures never do.
_FIREWALL_STATUSES: Final = (202, 405)
_MARKUP: Final = b"<"


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return the kind of block that a response is, in words; None if it is not a known block."""
    if action := headers.get("x-amzn-waf-action"):
        return f"a firewall's {_word(action)} (status {status})"
    if headers.get("cf-mitigated"):
        return f"a challenge of Cloudflare (status {status})"
    if status in _FIREWALL_STATUSES:
        return f"a firewall's status {status}"
    return f"a block page (status {status})" if is_block_page(body) else None


def is_block_page(body: bytes) -> bool:
    """Return whether a body that is not expected to be a page is a block or challenge page."""
    if not body.lstrip()[:3].lstrip(b"\xef\xbb\xbf").startswith(_MARKUP):
        return False
    text = decode(body, "utf-8")
    return looks_blocked(text, title_of(select(text)))


def _word(text: str) -> str:
    return "".join(letter for letter in text[:40] if letter.isalnum() or letter in "-_") or "challenge"
