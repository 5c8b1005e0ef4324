"""Other pages in the browser cannot change anything in the replica, nor read from it."""

import httpx
import pytest

from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import Replica


@pytest.mark.parametrize("path", ["/", "/truth.json", "/mal/topanime.php", "/wa/animation/animation.php?id=1"])
def test_it_only_answers_reads_and_no_other_origin_may_read(path: str) -> None:
    with Replica(procedural_catalog(10, 3)) as replica, httpx.Client(base_url=replica.url, trust_env=False) as client:
        headers = {"Origin": "http://evil.example", "Host": "evil.example", "Sec-Fetch-Site": "cross-site"}
        before = client.get(path)
        asked = client.get(path, headers=headers)
        assert asked.status_code == before.status_code
        assert not [name for name in asked.headers if name.startswith("access-control-")]
        preflight = client.options(path, headers={**headers, "Access-Control-Request-Method": "PUT"})
        assert preflight.status_code == 405
        assert not [name for name in preflight.headers if name.startswith("access-control-")]
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert client.request(method, path, headers=headers, content=b"x").status_code == 405
        assert client.get(path).content == before.content
