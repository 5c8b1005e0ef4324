"""Known refusals of firewalls, by status, header and body: a block that must never pass for a page or its absence."""

from collections.abc import Mapping
from typing import Final

from lap_assets.sites.markup import decode, looks_blocked, select, title_of

BODY_LIMIT: Final = 256 * 1024
"""Bytes of an error's body that are read to recognize a block page."""

# No page and no picture answers a GET with these; web application firewalls do.
_FIREWALL_STATUSES: Final = (202, 405)
_MARKUP: Final = b"<"


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """What kind of block an answer is, in words; None where it is none that is known."""
    if action := headers.get("x-amzn-waf-action"):
        return f"a firewall's {_word(action)} (status {status})"
    if headers.get("cf-mitigated"):
        return f"a challenge of Cloudflare (status {status})"
    if status in _FIREWALL_STATUSES:
        return f"a firewall's status {status}"
    return f"a block page (status {status})" if is_block_page(body) else None


def is_block_page(body: bytes) -> bool:
    """Whether a body that should not be a page is the page of a block or challenge."""
    if not body.lstrip()[:3].lstrip(b"\xef\xbb\xbf").startswith(_MARKUP):
        return False
    text = decode(body, "utf-8")
    return looks_blocked(text, title_of(select(text)))


def _word(text: str) -> str:
    return "".join(letter for letter in text[:40] if letter.isalnum() or letter in "-_") or "challenge"
