"""The guard in front of Dagster's web server: it answers only the UI's own pages and programs on this machine.

Dagster answers every request: any page open in a browser on this machine could wipe assets, by a form, by a URL that
contains a mutation, or by a domain name that it points to 127.0.0.1 (DNS rebinding). The rules:

- `Host` must be this machine: `localhost`, `127.0.0.1` or `[::1]`, with any port (it may be a tunnel's).
- `Origin`, if sent by a browser, must be the UI's own.
- A page of another origin may link to the UI, but do nothing else.
- Only JSON may be posted, because browsers send forms and text to other origins without asking.
- GET executes nothing.
- No page of another origin may show the UI in a frame.

Plain ASGI: https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_HERE: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_POLICY_VIOLATION: Final = 1008  # RFC 6455, 7.4.1
_ADDED: Final = (
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class Guard:
    """An ASGI app that refuses requests which another page could send, and passes all others to `app`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or websocket."""
        if scope["type"] not in ("http", "websocket"):  # the server's startup and shutdown
            await self._app(scope, receive, send)
            return
        if (why := refusal(scope)) is not None:
            await (_refuse_socket if scope["type"] == "websocket" else _refuse)(send, *why)
            return
        await self._app(scope, receive, _with_headers(send))


def refusal(scope: Scope) -> tuple[int, str] | None:
    """Return the status and the reason if a request is refused; None if it is answered."""
    hosts = _values(scope, b"host")
    if len(hosts) != 1 or _HERE.fullmatch(hosts[0]) is None:
        return 421, "this UI answers only to localhost and 127.0.0.1"
    if _is_foreign(scope, hosts[0]):
        return 403, "only this UI's own pages may send requests"
    if scope["type"] == "websocket":
        return None
    return _refusal_of_method(scope)


def _refusal_of_method(scope: Scope) -> tuple[int, str] | None:
    method = scope["method"]
    if method == "POST":
        types = _values(scope, b"content-type")
        if len(types) != 1 or types[0].partition(";")[0].strip().lower() != "application/json":
            return 415, "only JSON is accepted (Content-Type: application/json)"
        return None
    if method not in ("GET", "HEAD"):
        return 405, "only GET, HEAD and POST are allowed"
    executes = scope["path"].rstrip("/").endswith("/graphql") and "text/html" not in _first(scope, b"accept")
    return (405, "queries and mutations must be posted as JSON") if executes else None


def _is_foreign(scope: Scope, host: str) -> bool:
    """Return whether a page of another origin sends the request, unless it is only a link to this UI."""
    own = {f"http://{host}".lower(), f"https://{host}".lower()}
    if any(origin.lower() not in own for origin in _values(scope, b"origin")):
        return True
    sites = _values(scope, b"sec-fetch-site")
    if all(site in ("same-origin", "none") for site in sites):
        return False
    is_link = _values(scope, b"sec-fetch-mode") == ["navigate"] and _values(scope, b"sec-fetch-dest") == ["document"]
    return not is_link or scope.get("method") not in ("GET", "HEAD")


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key.lower() == name]


def _first(scope: Scope, name: bytes) -> str:
    return next(iter(_values(scope, name)), "")


async def _refuse(send: Send, status: int, why: str) -> None:
    body = f"refused: {why}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _refuse_socket(send: Send, _: int, why: str) -> None:
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": why})


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(one for one in _ADDED if one[0] not in present)]
        await send(message)

    return sending
