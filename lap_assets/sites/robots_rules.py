"""Rules of a robots.txt (RFC 9309): the group that applies, the addresses it allows, its Crawl-delay.

Patterns are matched piece by piece between their asterisks: a regular expression built from a hostile file might never
end.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

SIZE_LIMIT: Final = 512 * 1024
"""Length up to which a robots.txt is read: at least 500 KiB (RFC 9309, 2.5)."""

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CODED: Final = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0


class RobotsRules:
    """The rules for the product name `agent`: from all groups that name it, else from the groups for `*`."""

    def __init__(self, text: str, agent: str) -> None:
        groups = _groups(text[:SIZE_LIMIT])
        ours = [group for group in groups if agent.lower() in group.agents]
        ours = ours or [group for group in groups if "*" in group.agents]
        self._rules = [(pattern, allowed) for group in ours for pattern, allowed in group.rules if pattern]
        # The longest matching pattern decides; of equally long ones, an allowing pattern wins.
        self._rules.sort(key=lambda rule: (-len(rule[0]), not rule[1]))
        self.crawl_delay = max((group.delay for group in ours), default=0.0)

    def allows(self, url: str) -> bool:
        """Return whether `url` may be requested."""
        parts = urlsplit(url)
        address = _normal((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return next((allowed for pattern, allowed in self._rules if _matches(pattern, address)), True)


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    is_in_rules = True
    for line in text.lstrip("\ufeff").splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if is_in_rules:
                groups.append(_Group())
                is_in_rules = False
            groups[-1].agents.append(value.partition("/")[0].strip().lower())
        elif groups and key in ("allow", "disallow", "crawl-delay"):
            is_in_rules = True
            if key == "crawl-delay":
                groups[-1].delay = max(groups[-1].delay, _seconds(value))
            else:
                groups[-1].rules.append((_normal(value), key == "allow"))
    return groups


def _seconds(text: str) -> float:
    """Return a Crawl-delay in seconds; 0 if the text is not a valid number, `inf` if it overflows."""
    try:
        found = float(text[:400])
    except ValueError:
        return 0.0
    return 0.0 if math.isnan(found) or found < 0 else found


def _normal(path: str) -> str:
    """Return a path or pattern with percent-encoding normalized."""
    octets = "".join(letter if letter < "\x80" else _percent(letter.encode(errors="replace")) for letter in path)
    return _CODED.sub(_plain, octets)


def _plain(code: re.Match[str]) -> str:
    octet = int(code[1], 16)
    return chr(octet) if octet in _UNRESERVED else f"%{octet:02X}"


def _percent(octets: bytes) -> str:
    return "".join(f"%{octet:02X}" for octet in octets)


def _matches(pattern: str, address: str) -> bool:
    is_whole = pattern.endswith("$")
    first, *others = (pattern[:-1] if is_whole else pattern).split("*")
    if not address.startswith(first):
        return False
    if not others:
        return not is_whole or address == first
    *middle, last = others
    at = len(first)
    for piece in middle:
        found = address.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if is_whole:
        return len(address) - len(last) >= at and address.endswith(last)
    return address.find(last, at) >= 0
