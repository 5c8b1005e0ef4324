"""One HTTP request: its reply, or the trouble with it. No retries, no pauses, no knowledge of pages.

Redirects are read from the header as text, so that an invalid one does not raise inside the library.
"""

import asyncio
import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import httpx

from lap_assets.core.errors import PageFailed, Refused
from lap_assets.core.sites import sites
from lap_assets.sites.addresses import Keys, Site, request_url, site_url
from lap_assets.sites.blocks import BODY_LIMIT, refusal
from lap_assets.sites.bodies import ACCEPTED, decode_body
from lap_assets.sites.crawl_policy import CrawlPolicy, retry_after_seconds
from lap_assets.sites.local import local_address, no_network

_KEY_REFUSED: Final = (400, 401)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_LOCATION: Final = "lap-location"
_TRANSIENT_STATUSES: Final = (403, 408, 425, 429)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete response. `location`: the target of a redirect, as a real address of the site."""

    url: str
    status: int
    body: bytes = b""
    location: str | None = None


class Trouble(Exception):
    """A failed try. `outcome`: its category in the tally; `wait`: seconds that the site asked for.

    `is_permanent`: another try is useless; `is_block`: it is a known block; `is_local`: nothing listens at an address
    on this machine, or the machine has no network, so the site is not at fault.
    """

    def __init__(
        self,
        reason: str,
        outcome: str,
        *,
        status: int = 0,
        wait: float | None = None,
        is_permanent: bool = False,
        is_block: bool = False,
        is_local: bool = False,
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.status = status
        self.wait = wait
        self.is_permanent = is_permanent
        self.is_block = is_block
        self.is_local = is_local


class Wire:
    """Sends requests to a site's hosts, or to a replica in their place."""

    def __init__(
        self,
        site: Site,
        policy: CrawlPolicy,
        *,
        agent: str,
        replica: str | None = None,
        keys: Keys = MappingProxyType({}),
    ) -> None:
        """`keys`: headers by host name, sent to that host alone."""
        self._site = site
        self._policy = policy
        self.replica = replica
        self._keys = keys
        self._http = httpx.AsyncClient(
            headers={"User-Agent": agent, "Accept-Encoding": ACCEPTED},
            timeout=httpx.Timeout(policy.connect_seconds, read=policy.connect_seconds * 2),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30),
            trust_env=replica is None,
            event_hooks={"response": [_take_location]},
        )

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    def has_key_for(self, url: str) -> bool:
        """Return whether there is a key for the host of `url`."""
        return httpx.URL(url).host in self._keys

    async def ask(self, url: str, limit: int) -> Reply:
        """Send one request; return a reply with status 200 or 404, or a redirect.

        Raises:
            Trouble: any other response, or none.
            PageFailed: the address is not one of the site's, or the body is larger than `limit`.
            Refused: the key was not accepted.
        """
        address = request_url(self._site, url, self.replica)
        keys = self._keys.get(httpx.URL(url).host)
        try:
            async with (
                asyncio.timeout(self._policy.request_seconds),
                self._http.stream("GET", address, headers=keys) as response,
            ):
                location = response.headers.get(_LOCATION)
                if location is not None and response.status_code in _REDIRECTS:
                    return Reply(url, response.status_code, location=site_url(self._site, location, self.replica))
                if keys and response.status_code in _KEY_REFUSED:
                    raise Refused(
                        f"{self._site}: {url} answers {response.status_code}: it does not accept {' or '.join(keys)}; "
                        "check the settings"
                    )
                body = await _body(response, limit)
                _raise_if_trouble(response, body)
                return Reply(url, response.status_code, body)
        except PageFailed as error:
            raise PageFailed(f"{url}: {error}") from None
        except TimeoutError:
            raise Trouble(f"no complete answer within {self._policy.request_seconds:g} s", "no answer") from None
        except httpx.ConnectError as error:
            reason = str(error) or "no connection"
            if (here := local_address(address, uses_proxies=self.replica is None)) is not None:
                raise Trouble(f"nothing listens at {here}", "no connection", is_local=True) from None
            if (lacks := no_network(error, {*self._site.hosts, *_hosts_of_all_sites()})) is not None:
                raise Trouble(lacks, "no connection", is_local=True) from None
            raise Trouble(reason, "no connection") from None
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            raise Trouble(str(error) or type(error).__name__, "no answer") from None


def _hosts_of_all_sites() -> list[str]:
    return [urlsplit(entry.page_url(1, 1)).hostname or "" for entry in sites()]


async def _take_location(response: httpx.Response) -> None:
    """Hide a redirect from the library, which would parse its address and raise."""
    location = response.headers.pop("Location", None)
    if location is not None:
        response.headers[_LOCATION] = location


async def _body(response: httpx.Response, limit: int) -> bytes:
    """Return the body; of an error only as much as is needed to recognize a block page."""
    coding = response.headers.get("Content-Encoding", "")
    if response.status_code in (200, 404):
        return await decode_body(response.aiter_raw(), coding, limit)
    try:
        return await decode_body(response.aiter_raw(), coding, BODY_LIMIT)
    except (PageFailed, httpx.HTTPError):
        return b""


def _raise_if_trouble(response: httpx.Response, body: bytes) -> None:
    """Raise on a status other than 200 and 404, and on a block.

    A page with status 200 is judged by its parser, except that the headers of a firewall are enough for a block.
    """
    status = response.status_code
    asked = retry_after_seconds(response.headers.get("Retry-After"), time.time())
    block = refusal(status, response.headers, body if status != 200 else b"")
    if block is not None:
        raise Trouble(block, "block", status=status, wait=asked, is_block=True)
    if status not in (200, 404):
        is_permanent = 400 <= status < 500 and status not in _TRANSIENT_STATUSES
        raise Trouble(f"status {status}", f"status {status}", status=status, wait=asked, is_permanent=is_permanent)
