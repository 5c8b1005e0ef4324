"""Downloading a weights file: interrupted downloads resume, and only a verified file is kept."""

from contextlib import contextmanager
from pathlib import Path
from re import fullmatch
from typing import TYPE_CHECKING, Final

from lap_assets import __version__
from lap_assets.core.errors import WeightsError
from lap_assets.core.files import write_text
from lap_assets.core.locks import held
from lap_assets.core.progress import Advance, Progress
from lap_assets.models.checksums import Record, read_now, remember
from lap_assets.models.spec_types import WeightFile
from lap_assets.models.weights import content_problem, sha256_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_SECONDS: Final = 60.0  # without data from the server
_AGENT: Final = f"LAP/{__version__} (weights of models)"
_MB: Final = 1_000_000
_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")


def fetch(entry: WeightFile, folder: Path, progress: Progress) -> Record:
    """Download a file, move it into place once it is complete and verified, and return its record.

    Until then its name ends in `.part`, and the next call resumes it if the server still has the same file (RFC 9110,
    `Range` with `If-Range`).

    Raises:
        WeightsError: it cannot be downloaded, is truncated, or is a different file; the message says what to do.
        LockHeld: another process is fetching the same file.
    """
    with held(folder / f".{entry.file}.lock", wait=False):
        return _fetched(entry, folder, progress)


def _fetched(entry: WeightFile, folder: Path, progress: Progress) -> Record:
    import httpx

    path = folder / entry.file
    part = _Part(path)
    try:
        with httpx.Client(
            follow_redirects=True, timeout=_SECONDS, headers={"User-Agent": _AGENT},
            event_hooks={"request": [_refuse_unencrypted]},
        ) as client:  # fmt: skip
            _download(client, entry, part, progress)
    except httpx.HTTPError as error:
        raise WeightsError(
            f"{entry.key}: {entry.url} broke off after {part.size():,} bytes ({_text_of(error)}); these are kept, and"
            f" `lap weights fetch {entry.key}` resumes from there"
        ) from None
    record = read_now(part.path)
    if problem := content_problem(part.path, entry.sizes) or sha256_problem(entry, folder, record.sha256):
        part.drop()
        raise WeightsError(
            f"{entry.key}: the file from {entry.url} {problem}; it was discarded. Try again later, or save the"
            f" right file as {path} yourself"
        )
    part.path.replace(path)
    part.drop()
    remember(folder, entry.file, record)
    return record


class _Part:
    """The unfinished file, and the server's validator (ETag or date) of the complete file."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._mark = path.with_name(f"{path.name}.part.mark")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def mark(self) -> str | None:
        """Return the strong ETag or date with which the server checks whether its file is unchanged."""
        return self._mark.read_text("utf-8") if self._mark.is_file() else None

    def begin(self, mark: str | None) -> None:
        self.drop()
        if mark:
            write_text(self._mark, mark)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)


def _download(client: "httpx.Client", entry: WeightFile, part: _Part, progress: Progress) -> None:
    """Complete the part from the server's file."""
    mark, size = part.mark(), part.size()
    headers = {"Accept-Encoding": "identity"}
    if size and mark:
        headers |= {"Range": f"bytes={size}-", "If-Range": mark}
    with client.stream("GET", entry.url, headers=headers) as answer:
        if answer.status_code == 416:  # nothing after the part: it is complete, or belongs to another file
            if _total(answer) == size:
                return
            part.drop()
            raise WeightsError(
                f"{entry.key}: the file at {entry.url} has changed; run `lap weights fetch {entry.key}` again"
            )
        if _resumes(answer, size):
            _append(answer, part, size, entry, progress)
            return
        _refuse_other(answer, entry)
        part.begin(_mark_of(answer))
        _append(answer, part, 0, entry, progress)


def _refuse_unencrypted(request: "httpx.Request") -> None:
    """Refuse plain http before a request or redirect is sent, except to this machine."""
    if request.url.scheme != "https" and request.url.host not in _THIS_MACHINE:
        raise WeightsError(f"{request.url} is not encrypted (http): weights are downloaded over https only")


def _resumes(answer: "httpx.Response", size: int) -> bool:
    """Return whether the answer continues the part."""
    if answer.status_code != 206:
        return False
    begin = fullmatch(r"bytes (\d+)-\d+/(?:\d+|\*)", answer.headers.get("content-range", ""))
    if begin is None or int(begin[1]) != size:
        raise WeightsError(f"{answer.url} sent a different part than requested; try again later")
    return True


def _refuse_other(answer: "httpx.Response", entry: WeightFile) -> None:
    """Refuse an answer that is not the file, before any of it is kept."""
    answered = f"{entry.key}: {entry.url} answered"
    if answer.status_code != 200:
        raise WeightsError(f"{answered} {answer.status_code} {answer.reason_phrase}; try again later")
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise WeightsError(
            f"{answered} with a web page instead of the file (too many downloads today, or a confirmation); open it in"
            f" a browser and save the file in the weights folder as {entry.file}"
        )


def _append(answer: "httpx.Response", part: _Part, begin: int, entry: WeightFile, progress: Progress) -> None:
    length = answer.headers.get("content-length", "")
    total = begin + int(length) if length.isdecimal() else None
    with (
        _in_megabytes(progress, f"{entry.key}, MB", begin, total) as advance,
        part.path.open("ab") as out,
    ):
        for piece in answer.iter_raw():
            out.write(piece)
            advance(len(piece))


@contextmanager
def _in_megabytes(progress: Progress, title: str, begin: int, total: int | None) -> "Iterator[Advance]":
    """Yield a function that advances a progress bar in whole MB by bytes."""
    with progress.task(title, None if total is None else total // _MB) as advance:
        received = begin
        advance(begin // _MB)

        def add(count: int) -> None:
            nonlocal received
            if steps := (received + count) // _MB - received // _MB:
                advance(steps)
            received += count

        yield add


def _mark_of(answer: "httpx.Response") -> str | None:
    tag: str | None = answer.headers.get("etag")
    return tag if tag and not tag.startswith("W/") else answer.headers.get("last-modified")


def _total(answer: "httpx.Response") -> int | None:
    found = fullmatch(r"bytes \*/(\d+)", answer.headers.get("content-range", ""))
    return int(found[1]) if found else None


def _text_of(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
