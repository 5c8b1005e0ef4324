import itertools
import re
import time
from collections.abc import Callable

import httpx
import pytest

from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_kinds import KINDS, fault, parse_faults
from lap_assets.replica.serving import Replica

LISTING = "/mal/anime.php?o=9&show=0"


def patient(replica: Replica) -> httpx.Client:
    """A client with timeouts long enough for a busy machine."""
    return httpx.Client(base_url=replica.url, timeout=600)


def test_a_status_for_the_first_matching_requests_only(small: Catalog) -> None:
    busy = faults.status(503, retry_after=7, pattern=r"^/mal/anime\.php", first=2)
    with Replica(small, faults=[busy]) as replica, patient(replica) as client:
        assert client.get("/mal/anime/7/x/pics").status_code == 200
        answers = [client.get(LISTING) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert busy.hits == 2


def test_faults_may_change_while_it_serves(small: Catalog) -> None:
    with Replica(small) as replica, patient(replica) as client:
        assert "Just a moment" not in client.get(LISTING).text
        replica.faults.append(faults.block_page(pattern="^/mal/"))
        blocked = client.get(LISTING)
        assert blocked.status_code == 200
        assert "Human Verification" in blocked.text
        replica.faults.clear()
        assert "Just a moment" not in client.get(LISTING).text


def test_not_connect_affects_only_world_art(small: Catalog) -> None:
    with Replica(small, faults=[faults.not_connect()]) as replica, patient(replica) as client:
        answer = client.get("/wa/animation/animation.php?id=1")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=windows-1251"
        assert "not_connect.html" in answer.text
        assert len(answer.content) < 300
        assert "not_connect.html" not in client.get(LISTING).text


@pytest.mark.parametrize("path", [LISTING, "/mal-cdn/images/anime/3/70l.jpg"])
def test_a_cut_body_is_shorter_than_its_length(small: Catalog, path: str) -> None:
    with Replica(small, faults=[faults.truncate(first=1)]) as replica, patient(replica) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(path)
        assert client.get(path).status_code == 200


def test_a_slow_answer_comes_later_than_the_client_waits(small: Catalog) -> None:
    with Replica(small, faults=[faults.slow(30, first=1)]) as replica, patient(replica) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(LISTING, timeout=httpx.Timeout(600, read=0.3))
        assert client.get(LISTING).status_code == 200


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 600
    while not holds():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.02)


def opens(client: httpx.Client, path: str) -> bool:
    try:
        client.get(path, timeout=600)
    except httpx.ConnectError:
        return False
    return True


def first_of(client: httpx.Client, path: str) -> httpx.Response:
    """Return the part of a response received after some pieces."""
    with client.stream("GET", path) as answer:
        came = b"".join(itertools.islice(answer.iter_raw(), 3))
    return httpx.Response(answer.status_code, content=came)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_affects_its_own_requests(small: Catalog, kind: str) -> None:
    """On the wire: a refusal, an error, or a response that differs from the one without faults."""
    paths = (
        LISTING,
        "/mal/anime/7/x/pics",
        "/mal-cdn/images/anime/3/70l.jpg",
        "/wa/animation/animation_poster.php?id=1",
    )
    disturbing = fault(kind)
    with Replica(small) as replica, httpx.Client(base_url=replica.url, timeout=0.3) as client:
        usual = {path: client.get(path, timeout=600) for path in paths}
        replica.faults.append(disturbing)
        limit = 600 if "gzip" in kind else 0.3
        touched = next(path for path in paths if re.search(KINDS[kind].pattern, path))
        try:
            answer = first_of(client, touched) if kind == "endless" else client.get(touched, timeout=limit)
        except (httpx.HTTPError, ValueError):
            answer = None
        wait_until(lambda: disturbing.hits == 1)  # a busy replica may handle it after the client has given up
        if answer is not None:
            assert (answer.status_code, answer.content) != (usual[touched].status_code, usual[touched].content)
        replica.faults.clear()
        wait_until(lambda: opens(client, touched))  # a closed port opens again
        assert client.get(touched, timeout=600).content == usual[touched].content


def test_faults_are_parsed_as_people_write_them() -> None:
    reset, busy, page = parse_faults(["reset=1%; 429*3@^/mal/anime", "html@102l"], seed=4)
    assert (reset.name, reset.share, reset.first, reset.seed) == ("reset", 0.01, None, 4)
    assert (busy.name, busy.share, busy.first, busy.pattern) == ("429", None, 3, "^/mal/anime")
    assert (page.name, page.pattern) == ("html", "102l")
    assert [one.name for one in parse_faults(["all=1%"])] == list(KINDS)


@pytest.mark.parametrize(
    ("text", "message"),
    [("rset=1%", "no kind 'rset'"), ("reset=101%", "0 to 100"), ("reset@(", "not a valid pattern"), ("=", "KIND")],
)
def test_invalid_faults_are_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_faults([text])


def test_shares_do_not_depend_on_the_order_of_requests() -> None:
    addresses = [f"/mal/{number}" for number in range(2000)]
    there, back = (fault("reset", share=0.1, seed=2) for _ in range(2))
    taken = {address for address in addresses if there.takes(address)}
    assert taken == {address for address in reversed(addresses) if back.takes(address)}
    assert 120 < len(taken) < 280
