"""A real HTTP server of one file that can misbehave: no ranges, a changed file, a truncated body."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class FileServer:
    """`cut`: the number of bytes of the next answer before the connection ends; None: all."""

    content: bytes
    url: str = ""
    ranges: bool = True
    marked: bool = True
    cut: int | None = None
    status: int = 200
    kind: str = "application/octet-stream"
    moved_to: str | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@contextmanager
def serving(content: bytes) -> Iterator[FileServer]:
    """Serve the file on a free port during the block."""
    files = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(self, files)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    files.url = f"http://127.0.0.1:{server.server_address[1]}/file"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(handler: BaseHTTPRequestHandler, files: FileServer) -> None:
    requested = handler.headers.get("Range", "")
    files.asked.append(requested)
    begin, status = 0, files.status
    if requested and files.ranges and handler.headers.get("If-Range") == files.tag:
        begin, status = int(requested.removeprefix("bytes=").removesuffix("-")), 206
    whole = len(files.content)
    if begin >= whole > 0:
        handler.send_response(416)
        handler.send_header("Content-Range", f"bytes */{whole}")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    body = files.content[begin:]
    handler.send_response(status)
    handler.send_header("Content-Type", files.kind)
    handler.send_header("Content-Length", str(len(body)))
    if files.moved_to:
        handler.send_header("Location", files.moved_to)
    if files.marked:
        handler.send_header("ETag", files.tag)
    if status == 206:
        handler.send_header("Content-Range", f"bytes {begin}-{whole - 1}/{whole}")
    handler.end_headers()
    cut, files.cut = files.cut, None
    handler.wfile.write(body if cut is None else body[:cut])
    handler.close_connection = True
