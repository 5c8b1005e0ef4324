"""The guard before Dagster's own web server, over a socket: requests that another page could send, and the UI's own."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg
import httpx
import pytest
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster._daemon.asset_daemon import get_auto_materialize_paused, set_auto_materialize_paused
from dagster_webserver.app import create_app_from_workspace_process_context

from lap_assets.core.errors import SettingsError
from lap_assets.ui.address import HOST, listening_on
from lap_assets.ui.guard import App, Guard

_PAUSE = "mutation { setAutoMaterializePaused(paused: true) }"
_JSON = {"Content-Type": "application/json"}
_OTHER = "http://evil.example"


@contextmanager
def _served(app: App) -> Iterator[str]:
    with listening_on(0) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.instance_for_test() as made:
        yield made


@pytest.fixture(scope="module")
def app(instance: dg.DagsterInstance) -> Iterator[App]:
    """Dagster's web server, without the guard."""
    with WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as context:
        yield create_app_from_workspace_process_context(context)


@pytest.fixture(scope="module")
def ui(app: App) -> Iterator[str]:
    """The address of Dagster's web server behind the guard."""
    with _served(Guard(app)) as address:
        yield address


@pytest.fixture(scope="module")
def bare(app: App) -> Iterator[str]:
    """The address of Dagster's web server without the guard."""
    with _served(app) as address:
        yield address


def _sent(address: str, **request: Any) -> httpx.Response:
    request = {"method": "POST", "url": f"{address}/graphql", **request}
    request["url"] = request["url"].replace("UI", address)
    return httpx.request(**request, trust_env=False, timeout=600)


ATTACKS: Mapping[str, dict[str, Any]] = {
    "by GET": {"method": "GET", "url": "UI/graphql", "params": {"query": _PAUSE}},
    "by GET, as a picture": {"method": "GET", "params": {"query": _PAUSE}, "headers": {"Accept": "image/*"}},
    "as a form": {"params": {"query": _PAUSE}, "data": {"a": "b"}},
    "as text": {"params": {"query": _PAUSE}, "content": "a", "headers": {"Content-Type": "text/plain"}},
    "without a body": {"params": {"query": _PAUSE}},
    "as text that names JSON": {
        "content": json.dumps({"query": _PAUSE}), "headers": {"Content-Type": "text/plain; application/json"},
    },
    "as GraphQL": {"content": _PAUSE, "headers": {"Content-Type": "application/graphql"}},
    "by another name": {"json": {"query": _PAUSE}, "headers": {"Host": "evil.example"}},
    "by a name that begins alike": {"json": {"query": _PAUSE}, "headers": {"Host": "localhost.evil.example:3000"}},
    "from another page": {"json": {"query": _PAUSE}, "headers": {"Origin": _OTHER}},
    "from a page in a sandbox": {"json": {"query": _PAUSE}, "headers": {"Origin": "null"}},
    "from another port": {"json": {"query": _PAUSE}, "headers": {"Origin": "http://127.0.0.1:1"}},
    "from another site, as the browser says": {"json": {"query": _PAUSE}, "headers": {"Sec-Fetch-Site": "cross-site"}},
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_another_page_could_send_changes_nothing(
    ui: str, bare: str, instance: dg.DagsterInstance, attack: dict[str, Any]
) -> None:
    set_auto_materialize_paused(instance, False)
    refused = _sent(ui, **attack)
    assert refused.status_code in (403, 405, 415, 421)
    assert refused.text.startswith("refused: ")
    assert refused.text.count("\n") == 1
    assert not get_auto_materialize_paused(instance)
    _sent(bare, **attack)
    assert get_auto_materialize_paused(instance), "this is no attack"


@pytest.mark.parametrize("host", ["", "localhost", "localhost:8080", "LOCALHOST:3000", "[::1]:3000"])
@pytest.mark.parametrize("origin", [False, True])
def test_the_ui_s_own_requests_are_answered(ui: str, instance: dg.DagsterInstance, host: str, origin: bool) -> None:
    set_auto_materialize_paused(instance, False)
    name = host or ui.removeprefix("http://")
    headers = {"Host": name, "Content-Type": "application/json; charset=utf-8"}
    if origin:
        headers |= {"Origin": f"http://{name.lower()}", "Sec-Fetch-Site": "same-origin"}
    answer = _sent(ui, json={"query": _PAUSE}, headers=headers)
    assert answer.json()["data"] == {"setAutoMaterializePaused": True}
    assert get_auto_materialize_paused(instance)


def test_a_link_leads_to_the_ui_and_no_frame_shows_it(ui: str) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    page = httpx.get(f"{ui}/runs", headers={**link, "Accept": "text/html"}, trust_env=False)
    assert page.status_code == 200
    assert page.headers["x-frame-options"] == "SAMEORIGIN"
    framed = httpx.get(f"{ui}/runs", headers={**link, "Sec-Fetch-Dest": "iframe"}, trust_env=False)
    assert framed.status_code == 403
    assert httpx.head(f"{ui}/", headers=link, trust_env=False).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(ui: str, method: str) -> None:
    assert _sent(ui, method=method, headers=_JSON).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 101),
        ({"Origin": "SELF"}, 101),
        ({"Origin": _OTHER}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 403),
    ],
)
def test_only_the_ui_s_own_pages_subscribe(ui: str, headers: dict[str, str], status: int) -> None:
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "bGFwLWd1YXJkLXRlc3QtMQ==", "Sec-WebSocket-Protocol": "graphql-ws",
    }  # fmt: skip
    own = {name: value.replace("SELF", ui) for name, value in headers.items()}
    with httpx.stream("GET", f"{ui}/graphql", headers={**upgrade, **own}, trust_env=False, timeout=600) as answer:
        assert answer.status_code == status


def test_a_used_port_is_one_line() -> None:
    with listening_on(0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(SettingsError, match=f"^--port {port}: 127.0.0.1:{port} is in use; choose another port$"):
            listening_on(port).__enter__()
