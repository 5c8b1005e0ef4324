import httpx
import pytest

from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.serving import Replica

LISTING = "/mal/anime.php?o=9&show=0"


def test_a_status_for_the_first_matching_requests_only(small: Catalog) -> None:
    busy = faults.status(503, retry_after=7, pattern=r"^/mal/anime\.php", first=2)
    with Replica(small, faults=[busy]) as replica, httpx.Client(base_url=replica.url) as client:
        assert client.get("/mal/anime/7/x/pics").status_code == 200
        answers = [client.get(LISTING) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert busy.hits == 2


def test_faults_may_change_while_it_serves(small: Catalog) -> None:
    with Replica(small) as replica, httpx.Client(base_url=replica.url) as client:
        assert "Just a moment" not in client.get(LISTING).text
        replica.faults.append(faults.block_page(pattern="^/mal/"))
        blocked = client.get(LISTING)
        assert blocked.status_code == 200
        assert "Human Verification" in blocked.text
        replica.faults.clear()
        assert "Just a moment" not in client.get(LISTING).text


def test_not_connect_touches_world_art_alone(small: Catalog) -> None:
    with Replica(small, faults=[faults.not_connect()]) as replica, httpx.Client(base_url=replica.url) as client:
        answer = client.get("/wa/animation/animation.php?id=1")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=windows-1251"
        assert "not_connect.html" in answer.text
        assert len(answer.content) < 300
        assert "not_connect.html" not in client.get(LISTING).text


@pytest.mark.parametrize("path", [LISTING, "/mal-cdn/images/anime/3/70l.jpg"])
def test_a_cut_body_is_shorter_than_its_length(small: Catalog, path: str) -> None:
    with Replica(small, faults=[faults.truncate(first=1)]) as replica, httpx.Client(base_url=replica.url) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(path)
        assert client.get(path).status_code == 200


def test_a_slow_answer_comes_later_than_the_client_waits(small: Catalog) -> None:
    with Replica(small, faults=[faults.slow(30, first=1)]) as replica, httpx.Client(base_url=replica.url) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(LISTING, timeout=0.3)
        assert client.get(LISTING).status_code == 200
