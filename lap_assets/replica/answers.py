"""The application's complete response to a request, for faults that modify it."""

from dataclasses import dataclass, replace
from typing import Self

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers with lower-case names, and the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_body(self, body: bytes, content_type: str | None = None) -> Self:
        """Return a copy with another body, and another content type if given."""
        kept = [(name, value) for name, value in self.headers if name != "content-length"]
        if content_type is not None:
            kept = [(name, value) for name, value in kept if name != "content-type"]
            kept.append(("content-type", content_type))
        return replace(self, headers=tuple(kept), body=body)

    def response(self) -> Response:
        """Return it as an ASGI response with the right Content-Length."""
        response = Response(self.body, self.status)
        for name, value in self.headers:
            if name != "content-length":
                response.headers[name] = value
        return response


async def answered(app: ASGIApp, scope: Scope) -> Answer:
    """Return the application's response to the request."""
    start: Message = {}
    body = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"])
    return Answer(start["status"], headers, bytes(body))
