"""A site as its client sees it: which hosts may be asked, and where a replica answers for them.

Every request passes through here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lap_assets.core.errors import PageFailed
from lap_assets.run_context import RunContext

Keys = Mapping[str, Mapping[str, str]]
"""Headers that go to a host of that name alone: those of an API that lets us in by them."""


def _no_keys(_: RunContext) -> Keys:
    return {}


def _nothing(_: RunContext) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Site:
    """One site; requests to one never overlap.

    `hosts`: each host that may be asked, and the folder of a replica that stands for it. `tolerated_blocks`: block
    pages in a row that open the breaker. `rates`: whether its pages say which anime are rated Rx. `keys`: what its API
    asks for, if the settings choose it; without any, its pages are read. `needs`: settings that are missing or wrong,
    each in a line.
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
    """The address to ask for `url`: itself, or its place below the replica's root.

    Raises:
        PageFailed: the address is not one of the site's hosts over http or https on the usual port.
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
    """The real address behind one of a replica's own, such as a redirect names; any other address as it is."""
    for host, folder in site.hosts.items():
        if replica is not None and url.startswith(f"{replica}/{folder}/"):
            return f"https://{host}{url.removeprefix(f'{replica}/{folder}')}"
    return url


def origin(url: str) -> str:
    """Scheme and host of an address: what one robots.txt applies to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
