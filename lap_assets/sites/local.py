"""Whether an address that refuses a connection lies on this machine: then no site is to blame."""

import ipaddress
import socket
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def local_address(url: str, *, uses_proxies: bool) -> str | None:
    """The address on this machine to which a request for `url` connects, as host:port; None where it is elsewhere.

    It is a replica's, that of a proxy in the environment, or of a name that leads here (a list of blocked ones).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if uses_proxies and not proxy_bypass(host) and (proxy := _proxy(parts.scheme)) is not None:
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
        host = parts.hostname or ""
    return f"{host}:{parts.port or (443 if parts.scheme == 'https' else 80)}" if _is_here(host) else None


def _proxy(scheme: str) -> str | None:
    proxies = getproxies()
    return proxies.get(scheme) or proxies.get("all")


def _is_here(host: str) -> bool:
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None)}
        return bool(found) and all(_is_own(str(address)) for address in found)
    except (OSError, UnicodeError, ValueError):
        return False


def _is_own(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.is_loopback or parsed.is_unspecified
