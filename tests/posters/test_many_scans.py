"""A small JPEG with a thousand scans, each as expensive as a whole decode: refused, and named by the scrape."""

import io
from pathlib import Path

from PIL import Image
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.replica import faults
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import failures
from lap_assets.sites.mal import MAL
from tests.posters.scraping import held, problems_of, run
from tests.sites.stand import Stand

SCANS = 1000


def many_scans() -> bytes:
    """Return a progressive JPEG with its last scan and table repeated."""
    out = io.BytesIO()
    Image.new("L", (640, 960)).save(out, "JPEG", progressive=True, quality=50)
    data = out.getvalue()
    last = data.rfind(b"\xff\xda")
    segment = data[data.rfind(b"\xff\xc4", 0, last) : -2]
    return data[:-2] + segment * SCANS + b"\xff\xd9"


def test_a_jpeg_of_a_thousand_scans_is_refused_and_reported_by_address(stand: Stand, tmp_path: Path) -> None:
    body = many_scans()
    assert len(body) < 500_000

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(body, media_type="image/jpeg")(scope, receive, send)

    stand.replica.faults.append(faults.Fault(act, "102l"))
    work = stand.run_context()
    run(work)
    ((name, problem),) = problems_of(work)
    assert name == "MAL00001_0002_000102.jpg"
    assert "LAP_MAX_JPEG_SCANS" in problem
    assert name not in held(work)["name"].to_list()
    with open_state(work, MAL) as state:
        (failure,) = failures(state).values()
    assert failure.address.endswith("/2/102l.jpg")
    assert "LAP_MAX_JPEG_SCANS" in failure.reason
