"""The application's own answer to a request, whole, for faults that spoil it."""

from dataclasses import dataclass, replace
from typing import Self

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by their lower-case names, and the body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_body(self, body: bytes, content_type: str | None = None) -> Self:
        """Return the same answer with another body, and another type where one is given."""
        kept = [(name, value) for name, value in self.headers if name != "content-length"]
        if content_type is not None:
            kept = [(name, value) for name, value in kept if name != "content-type"]
            kept.append(("content-type", content_type))
        return replace(self, headers=tuple(kept), body=body)

    def response(self) -> Response:
        """As an ASGI response, its length counted anew."""
        made = Response(self.body, self.status)
        for name, value in self.headers:
            if name != "content-length":
                made.headers[name] = value
        return made


async def answered(app: ASGIApp, scope: Scope) -> Answer:
    """What the application answers."""
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
