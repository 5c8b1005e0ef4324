"""Which hosts may be asked, and where a replica answers for them. Every request passes through here."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from lap_assets.core.errors import PageFailed


class Site(StrEnum):
    """One of the two sites; requests to one never overlap."""

    MAL = "mal"
    WA = "wa"


# Host, and the folder of a replica that stands for it.
_HOSTS: Final[Mapping[Site, Mapping[str, str]]] = MappingProxyType(
    {
        Site.MAL: MappingProxyType(
            {"myanimelist.net": "mal", "cdn.myanimelist.net": "mal-cdn", "api.myanimelist.net": "mal-api"}
        ),
        Site.WA: MappingProxyType({"www.world-art.ru": "wa", "world-art.ru": "wa"}),
    }
)


def request_url(site: Site, url: str, replica: str | None) -> str:
    """The address to ask for `url`: itself, or its place below the replica's root.

    Raises:
        PageFailed: the address is not one of the site's hosts over http or https on the usual port.
    """
    foreign = PageFailed(f"{url}: not an address of {site}; only {', '.join(_HOSTS[site])} are asked")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise foreign from None
    folder = _HOSTS[site].get(parts.hostname or "")
    if folder is None or parts.scheme not in ("http", "https") or "@" in parts.netloc or port not in (None, 80, 443):
        raise foreign
    if replica is None:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return f"{replica}/{folder}{parts.path or '/'}{query}"


def site_url(url: str, replica: str | None) -> str:
    """The real address behind one of a replica's own, such as a redirect names; any other address as it is."""
    for hosts in _HOSTS.values():
        for host, folder in hosts.items():
            if replica is not None and url.startswith(f"{replica}/{folder}/"):
                return f"https://{host}{url.removeprefix(f'{replica}/{folder}')}"
    return url


def origin(url: str) -> str:
    """Scheme and host of an address: what one robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
