"""Requests to a site, faults of a site, and skipping the waiting times that LAP keeps.

Reading the replica's growing log of requests, and moving times back in a home's state, belong here.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

from lap_assets.replica.fault_kinds import KINDS
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA

_OF_SITE: Final = {"mal": MAL, "mal-cdn": MAL, "mal-api": MAL, "wa": WA}
_YEAR: Final = 365 * 24 * 3600.0


def every_fault(share: float) -> list[str]:
    """Return every kind on `share` percent, except bit flips: one that still decodes is undetectable."""
    return [f"{kind}={share}%" for kind in KINDS if kind != "flipped"]


class Requests:
    """The requests in a replica's log so far; `read` adds new ones."""

    def __init__(self, log: Path) -> None:
        self.of_site: Counter[Site] = Counter()
        self.faults: Counter[str] = Counter()
        self._log = log
        self._at = 0

    def read(self) -> Self:
        """Read the new complete lines."""
        if not self._log.exists():
            return self
        with self._log.open("rb") as log:
            log.seek(self._at)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self._at += len(line)
                request = json.loads(line)
                self.of_site.update([_OF_SITE[request["site"]]] if request["site"] else [])
                self.faults.update([request["fault"]] if "fault" in request else [])
        return self


def banned(work: RunContext, sites: Sequence[Site] = (MAL, WA)) -> list[Site]:
    """Return the sites whose breaker is open now."""
    found = []
    for site in sites:
        with open_state(work, site) as state:
            kept = state.get("breaker")
            found += [site] if kept and kept["until"] > time.time() else []
    return found


def end_bans(work: RunContext, sites: Sequence[Site]) -> None:
    """Let the time of the breakers pass."""
    for site in sites:
        with open_state(work, site) as state:
            state.put("breaker", {**(state.get("breaker") or {}), "until": time.time() - 1})


def end_waits(work: RunContext, site: Site) -> None:
    """Let the waits of failed addresses pass."""
    with open_state(work, site) as state, state.transaction():
        state.db.execute("UPDATE failures SET until = tried_at")


def let_a_year_pass(work: RunContext, site: Site, kind: str, pages: Sequence[int]) -> None:
    """Let a year pass since these pages were read, so that they are due again."""
    with open_state(work, site) as state, state.transaction():
        state.db.executemany(
            "UPDATE pages SET visited_at = visited_at - ?, tried_at = tried_at - ? WHERE kind = ? AND id = ?",
            [(_YEAR, _YEAR, kind, page) for page in pages],
        )
