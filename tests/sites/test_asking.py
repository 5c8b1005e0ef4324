"""Settings that are required before requests to the real sites."""

from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import SettingsError
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.asking import asking_problems, check_asking, is_contact, user_agent
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA

GOOD: dict[str, Any] = {"contact": "you@example.org", "permission": "written consent of 2026-11-01"}


def problems(*sites: Any, **settings: Any) -> list[str]:
    return asking_problems(RunContext(Settings(**settings)), sites or (MAL, WA))


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example",
        "ä@bücher.example",
        "https://пример.example/о-нас",
        "x.y+z@sub.domain.co",
        "mailto:a@b.cd",
        "https://example.org",
        "http://example.org:80/a?b#c",
    ],
)
def test_a_contact_is_an_address_or_a_link(text: str) -> None:
    assert is_contact(text)
    assert problems(contact=text, permission="consent") == []


@pytest.mark.parametrize(
    "text",
    ["a", "me", "a@b", "@b.cd", "a@.cd", "example.org", "https://", "https://localhost/", "ftp://example.org/", " ",
     "a@b.cd\nX: y", "a b@c.de", "https://example.org/a b", "ä b@c.de", "a@b.cd\x1b[2J", "a@b.cd, c@d.ef",
     "x" * 300 + "@b.cd"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    assert not is_contact(text)
    (problem,) = problems(contact=text, permission="consent")
    assert problem.startswith(f"LAP_CONTACT={text!r}: not a contact; give an e-mail address or a link")
    with pytest.raises(SettingsError, match="not a contact"):
        user_agent(RunContext(Settings(contact=text)))


def test_all_problems_are_reported_at_once() -> None:
    wrong = {"contact": "a", "mal_source": "api", "budget_requests": 2}
    with pytest.raises(SettingsError) as raised:
        check_asking(RunContext(Settings(**wrong)), (MAL, WA))  # type: ignore[arg-type]
    assert [line.split("=")[0].split(" ")[0].rstrip(":") for line in raised.value.lines] == [
        "LAP_CONTACT", "LAP_PERMISSION", "LAP_MAL_CLIENT_ID", "LAP_BUDGET_REQUESTS",
    ]  # fmt: skip


def test_pages_need_a_permission_and_the_api_its_client_id() -> None:
    assert problems(**GOOD) == []
    assert "LAP_PERMISSION is not set" in problems(contact="a@b.example")[0]
    by_api = {"contact": "a@b.example", "mal_client_id": "an-id"}
    assert problems(MAL, **by_api) == []
    assert "LAP_PERMISSION is not set" in problems(WA, **by_api)[0]
    assert problems() != []
    assert asking_problems(RunContext(Settings()), ()) == []


def test_a_replica_needs_no_contact_or_permission(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, sites_url="http://127.0.0.1:8765", contact="a", budget_requests=1)
    check_asking(RunContext(settings), (MAL, WA))
    assert "contact: replica" in user_agent(RunContext(settings))


def test_with_a_client_id_the_api_is_used_unless_a_source_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().mal_source == "pages"
    monkeypatch.setenv("LAP_MAL_CLIENT_ID", "an-id")
    assert Settings.load().mal_source == "api"
    monkeypatch.setenv("LAP_MAL_SOURCE", "pages")
    assert Settings.load().mal_source == "pages"


def test_every_invalid_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAP_PAUSE", "fast")
    monkeypatch.setenv("LAP_BUDGET_REQUESTS", "0")
    with pytest.raises(SettingsError) as raised:
        Settings.load()
    assert [line.partition("=")[0] for line in raised.value.lines] == ["LAP_PAUSE", "LAP_BUDGET_REQUESTS"]
