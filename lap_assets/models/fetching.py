"""Downloads a weights file: resumes interrupted downloads, and keeps only a file that proves to be the right one."""

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

_SECONDS: Final = 60.0  # that a server may be silent
_AGENT: Final = f"LAP/{__version__} (weights of models)"
_MB: Final = 1_000_000
_THIS_MACHINE: Final = ("127.0.0.1", "::1", "localhost")


def fetch(entry: WeightFile, folder: Path, progress: Progress) -> Record:
    """Downloads a file and puts it in place once it is whole and right; returns what was recorded of it.

    Until then it is called `.part`, and the next call resumes from there if the server still has
    the same file (RFC 9110, `Range` with `If-Range`).

    Raises:
        WeightsError: it cannot be downloaded, is cut short, or is a different file; the message says what to do.
        LockHeld: another process fetches the same file.
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
            f"{entry.key}: {entry.url} broke off after {part.size():,} bytes ({_said(error)}); what arrived is"
            f" kept, and `lap weights fetch {entry.key}` resumes from there"
        ) from None
    record = read_now(part.path)
    if problem := content_problem(part.path, entry.sizes) or sha256_problem(entry, folder, record.sha256):
        part.drop()
        raise WeightsError(
            f"{entry.key}: the file from {entry.url} {problem}; it was discarded. Try again later, or put the"
            f" right file at {path} by hand"
        )
    part.path.replace(path)
    part.drop()
    remember(folder, entry.file, record)
    return record


class _Part:
    """The unfinished file, and the server's validator (ETag or date) for the file that it is a part of."""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.part")
        self._mark = path.with_name(f"{path.name}.part.mark")

    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def mark(self) -> str | None:
        """A strong ETag or a date, by which the server knows whether it still has the same file."""
        return self._mark.read_text("utf-8") if self._mark.is_file() else None

    def begin(self, mark: str | None) -> None:
        self.drop()
        if mark:
            write_text(self._mark, mark)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)


def _download(client: "httpx.Client", entry: WeightFile, part: _Part, progress: Progress) -> None:
    """Fills the part up to the end of the server's file."""
    mark, size = part.mark(), part.size()
    wishes = {"Accept-Encoding": "identity"}
    if size and mark:
        wishes |= {"Range": f"bytes={size}-", "If-Range": mark}
    with client.stream("GET", entry.url, headers=wishes) as answer:
        if answer.status_code == 416:  # nothing left after the part: it is whole, or of another file
            if _total(answer) == size:
                return
            part.drop()
            raise WeightsError(
                f"{entry.key}: the file at {entry.url} has changed; run `lap weights fetch {entry.key}` again"
            )
        if _goes_on(answer, size):
            _append(answer, part, size, entry, progress)
            return
        _refuse_other(answer, entry)
        part.begin(_mark_of(answer))
        _append(answer, part, 0, entry, progress)


def _refuse_unencrypted(request: "httpx.Request") -> None:
    """Refuses plain http before a request is sent, redirects too; addresses on this machine are allowed."""
    if request.url.scheme != "https" and request.url.host not in _THIS_MACHINE:
        raise WeightsError(f"{request.url} is not encrypted (http): weights are downloaded over https only")


def _goes_on(answer: "httpx.Response", size: int) -> bool:
    """Whether the answer is what follows the part."""
    if answer.status_code != 206:
        return False
    begin = fullmatch(r"bytes (\d+)-\d+/(?:\d+|\*)", answer.headers.get("content-range", ""))
    if begin is None or int(begin[1]) != size:
        raise WeightsError(f"{answer.url} sent a different part than requested; try again later")
    return True


def _refuse_other(answer: "httpx.Response", entry: WeightFile) -> None:
    """Refuses what is not the file, before a byte of it is kept."""
    asked = f"{entry.key}: {entry.url} answered"
    if answer.status_code != 200:
        raise WeightsError(f"{asked} {answer.status_code} {answer.reason_phrase}; try again later")
    if answer.headers.get("content-type", "").startswith("text/html"):
        raise WeightsError(
            f"{asked} with a web page instead of the file (too many downloads today, or a question); open it in a"
            f" browser and put the file into the weights folder as {entry.file}"
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
    """A progress bar in whole MB that is advanced by bytes."""
    with progress.task(title, None if total is None else total // _MB) as advance:
        have = begin
        advance(begin // _MB)

        def more(count: int) -> None:
            nonlocal have
            if steps := (have + count) // _MB - have // _MB:
                advance(steps)
            have += count

        yield more


def _mark_of(answer: "httpx.Response") -> str | None:
    tag: str | None = answer.headers.get("etag")
    return tag if tag and not tag.startswith("W/") else answer.headers.get("last-modified")


def _total(answer: "httpx.Response") -> int | None:
    found = fullmatch(r"bytes \*/(\d+)", answer.headers.get("content-range", ""))
    return int(found[1]) if found else None


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
