"""The rules of a robots.txt (RFC 9309): which group is ours, which addresses it allows, its Crawl-delay.

Patterns are matched piece by piece between their asterisks, in time linear in pattern and address: a regular expression
made from a hostile file would never end.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

SIZE_LIMIT: Final = 512 * 1024
"""Bytes that are read of a robots.txt: 500 KiB at least (RFC 9309, 2.5)."""

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CODED: Final = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Group:
    agents: list[str] = field(default_factory=list)
    rules: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0.0


class RobotsRules:
    """The rules for `agent`, the product's name: those of all groups that name it, else of the groups for all."""

    def __init__(self, text: str, agent: str) -> None:
        groups = _groups(text[:SIZE_LIMIT])
        ours = [group for group in groups if agent.lower() in group.agents]
        ours = ours or [group for group in groups if "*" in group.agents]
        self._rules = [(pattern, allowed) for group in ours for pattern, allowed in group.rules if pattern]
        # The longest pattern that matches decides, and between equals the one that allows.
        self._rules.sort(key=lambda rule: (-len(rule[0]), not rule[1]))
        self.crawl_delay = max((group.delay for group in ours), default=0.0)

    def allows(self, url: str) -> bool:
        """Whether `url` may be asked for."""
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
    """A Crawl-delay; 0 where it is no number of seconds, `inf` where it is beyond all numbers."""
    try:
        found = float(text[:400])
    except ValueError:
        return 0.0
    return 0.0 if math.isnan(found) or found < 0 else found


def _normal(path: str) -> str:
    """A path or pattern with the same octets always written in the same way."""
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
