"""Detect connection failures caused by this machine, for which no site is to blame.

Either the refusing address is on this machine, or the machine has no network, or it cannot look up any name.
"""

import errno
import ipaddress
import socket
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_NO_NETWORK: Final = (errno.ENETUNREACH, errno.ENETDOWN)


def no_network(error: BaseException, hosts: Iterable[str]) -> str | None:
    """Return what this machine lacks, judged by a connection error; None if the site may be at fault.

    `hosts`: names of several sites. If one cannot be looked up and another can, that name is at fault; if none can,
    this machine is.
    """
    causes = list(_causes(error))
    if any(isinstance(one, OSError) and one.errno in _NO_NETWORK for one in causes):
        return "this machine has no network"
    if any(isinstance(one, socket.gaierror) for one in causes) and not any(map(_is_known, hosts)):
        return "no site's name can be looked up: this machine has no network, or no DNS"
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything that caused it."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        waiting += getattr(one, "exceptions", ())


def _is_known(host: str) -> bool:
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


def local_address(url: str, *, uses_proxies: bool) -> str | None:
    """Return the local address, as host:port, that a request for `url` connects to; None if it is not on this machine.

    It belongs to a replica, to a proxy from the environment, or to a name that resolves here, as in a block list.
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
