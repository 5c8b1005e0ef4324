"""A site as its client sees it: the hosts that may be requested, and the address of a replica that answers for them.

Every request passes through here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lap_assets.core.errors import PageFailed
from lap_assets.run_context import RunContext

Keys = Mapping[str, Mapping[str, str]]
"""Headers by host name, sent to that host alone: the credentials of an API."""


def _no_keys(_: RunContext) -> Keys:
    return {}


def _nothing(_: RunContext) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Site:
    """One site; requests to one never overlap.

    `hosts`: each host that may be requested, and the folder on a replica that stands in for it. `tolerated_blocks`:
    consecutive block pages that open the breaker. `rates`: whether its pages state which anime are rated Rx. `keys`:
    the headers its API requires, if the settings select the API; if empty, pages are read. `needs`: missing or invalid
    settings, one line each.
    """

    key: str
    hosts: Mapping[str, str] = field(hash=False)
    tolerated_blocks: int = 1
    rates: bool = False
    keys: Callable[[RunContext], Keys] = field(default=_no_keys, hash=False)
    needs: Callable[[RunContext], Sequence[str]] = field(default=_nothing, hash=False)

    def __str__(self) -> str:
        return self.key


def request_url(site: Site, url: str, replica: str | None) -> str:
    """Return the address to request for `url`: `url` itself, or its counterpart below the replica's root.

    Raises:
        PageFailed: the address is not http or https on the default port of one of the site's hosts.
    """
    foreign = PageFailed(f"{url}: not an address of {site}; only {', '.join(site.hosts)} are asked")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise foreign from None
    folder = site.hosts.get(parts.hostname or "")
    if folder is None or parts.scheme not in ("http", "https") or "@" in parts.netloc or port not in (None, 80, 443):
        raise foreign
    if replica is None:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{replica}/{folder}{parts.path or '/'}{query}"


def site_url(site: Site, url: str, replica: str | None) -> str:
    """Return the real address behind a replica's address, such as a redirect target; other addresses unchanged."""
    for host, folder in site.hosts.items():
        if replica is not None and url.startswith(f"{replica}/{folder}/"):
            return f"https://{host}{url.removeprefix(f'{replica}/{folder}')}"
    return url


def origin(url: str) -> str:
    """Return the scheme and host of an address: the scope of one robots.txt."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
