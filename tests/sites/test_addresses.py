import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import PageFailed
from lap_assets.sites.addresses import origin, request_url, site_url
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA

REPLICA = "http://127.0.0.1:8765"
HOSTS = {
    "myanimelist.net": (MAL, "mal"),
    "cdn.myanimelist.net": (MAL, "mal-cdn"),
    "www.world-art.ru": (WA, "wa"),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", HOSTS)
def test_the_sites_own_addresses_stay_as_they_are(host: str, scheme: str) -> None:
    site, _ = HOSTS[host]
    url = f"{scheme}://{host}/a.php?b=c&d=%20"
    assert request_url(site, url, None) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "https://myanimelist.net.example.com/",
        "https://notmyanimelist.net/",
        "https://api2.myanimelist.net/",
        "https://myanimelist.net:8080/",
        "https://myanimelist.net:99999/",
        "https://myanimelist.net:x/",
        "https://me@myanimelist.net/",
        "https://me:secret@myanimelist.net/",
        "https://:secret@myanimelist.net/",
        "https://@myanimelist.net/",
        "https://myanimelist.net@example.com/",
        "https://example.com\\@myanimelist.net/",
        "ftp://myanimelist.net/",
        "file:///etc/passwd",
        "//myanimelist.net/",
        "/anime/1",
        "",
        "http://127.0.0.1:8765/mal/",
        "http://[::1/",
        "http://www.world-art.ru/",
    ],
)
@pytest.mark.parametrize("replica", [None, REPLICA])
def test_every_other_address_is_refused(url: str, replica: str | None) -> None:
    with pytest.raises(PageFailed, match=r"not an address of mal; only myanimelist\.net, cdn\.myani"):
        request_url(MAL, url, replica)


def test_a_host_in_capitals_is_the_same_host() -> None:
    assert request_url(MAL, "https://MyAnimeList.net/x", REPLICA) == f"{REPLICA}/mal/x"


@given(
    st.sampled_from(sorted(HOSTS)),
    st.lists(st.text("aZ09._~-%", min_size=1, max_size=4), min_size=1, max_size=4).map(
        lambda parts: "/" + "/".join(parts)
    ),
    st.text("ab=&%0", max_size=8),
)
def test_a_replicas_address_maps_back(host: str, path: str, query: str) -> None:
    site, folder = HOSTS[host]
    url = f"https://{host}{path}" + (f"?{query}" if query else "")
    there = request_url(site, url, REPLICA)

    assert there.startswith(f"{REPLICA}/{folder}/")
    assert site_url(site, there, REPLICA) == url
    assert request_url(site, site_url(site, there, REPLICA), REPLICA) == there


def test_other_addresses_are_not_mapped_back() -> None:
    assert site_url(MAL, "https://example.com/mal/x", REPLICA) == "https://example.com/mal/x"
    assert site_url(MAL, "/anime/1", REPLICA) == "/anime/1"
    assert site_url(MAL, f"{REPLICA}/mal/x", None) == f"{REPLICA}/mal/x"


def test_an_origin_is_scheme_and_host() -> None:
    assert origin("https://cdn.myanimelist.net/images/1.jpg?x=1") == "https://cdn.myanimelist.net"
