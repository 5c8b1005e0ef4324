"""One request over the wire: what came back, or what went wrong. No retries, no pauses, no meaning of pages.

What a site sends never reaches a library that raises on it: redirects are taken from the header as text.
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
    """A whole answer. `location`: where a redirect leads, in the sites' real addresses."""

    url: str
    status: int
    body: bytes = b""
    location: str | None = None


class Trouble(Exception):
    """This try failed. `outcome`: what it counts as; `wait`: seconds that the site asked for.

    `lasts`: another try is of no use; `is_block`: it is a block that is known; `is_ours`: nothing listens at an address
    of this machine, or the machine has no network, which is no fault of the site.
    """

    def __init__(
        self,
        reason: str,
        outcome: str,
        *,
        status: int = 0,
        wait: float | None = None,
        lasts: bool = False,
        is_block: bool = False,
        is_ours: bool = False,
    ) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.status = status
        self.wait = wait
        self.lasts = lasts
        self.is_block = is_block
        self.is_ours = is_ours


class Wire:
    """Asks a site's hosts, or a replica in their place."""

    def __init__(
        self,
        site: Site,
        policy: CrawlPolicy,
        *,
        agent: str,
        replica: str | None = None,
        keys: Keys = MappingProxyType({}),
    ) -> None:
        """`keys`: headers that go to a host of that name alone."""
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
        """Closes the connection."""
        await self._http.aclose()

    def has_key_for(self, url: str) -> bool:
        """Whether the host of `url` lets us in by a key."""
        return httpx.URL(url).host in self._keys

    async def ask(self, url: str, limit: int) -> Reply:
        """One request: a status 200 or 404, or a redirect.

        Raises:
            Trouble: anything else.
            PageFailed: the address is not the site's, or its body is larger than `limit`.
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
            raise Trouble(f"no whole answer in {self._policy.request_seconds:g} s", "no answer") from None
        except httpx.ConnectError as error:
            reason = str(error) or "no connection"
            if (here := local_address(address, uses_proxies=self.replica is None)) is not None:
                raise Trouble(f"nothing listens at {here}", "no connection", is_ours=True) from None
            if (lacks := no_network(error, {*self._site.hosts, *_hosts_of_all_sites()})) is not None:
                raise Trouble(lacks, "no connection", is_ours=True) from None
            raise Trouble(reason, "no connection") from None
        except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
            raise Trouble(str(error) or type(error).__name__, "no answer") from None


def _hosts_of_all_sites() -> list[str]:
    return [urlsplit(entry.page_url(1, 1)).hostname or "" for entry in sites()]


async def _take_location(response: httpx.Response) -> None:
    """Hides a redirect from the library, which would parse its address and raise."""
    location = response.headers.pop("Location", None)
    if location is not None:
        response.headers[_LOCATION] = location


async def _body(response: httpx.Response, limit: int) -> bytes:
    """The body; of an error as much as a block page needs to be recognized."""
    coding = response.headers.get("Content-Encoding", "")
    if response.status_code in (200, 404):
        return await decode_body(response.aiter_raw(), coding, limit)
    try:
        return await decode_body(response.aiter_raw(), coding, BODY_LIMIT)
    except (PageFailed, httpx.HTTPError):
        return b""


def _raise_if_trouble(response: httpx.Response, body: bytes) -> None:
    """Raises on a status that is no answer, and on a block in place of an error or of what is not a page.

    A page with status 200 is judged by its parser, which knows what it should be; a firewall's header says enough.
    """
    status = response.status_code
    asked = retry_after_seconds(response.headers.get("Retry-After"), time.time())
    block = refusal(status, response.headers, body if status != 200 else b"")
    if block is not None:
        raise Trouble(block, "block", status=status, wait=asked, is_block=True)
    if status not in (200, 404):
        lasts = 400 <= status < 500 and status not in _TRANSIENT_STATUSES
        raise Trouble(f"status {status}", f"status {status}", status=status, wait=asked, lasts=lasts)
