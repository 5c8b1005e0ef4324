"""docs/settings.md has every setting with its default, and no other."""

import os
import re

import pytest
from pydantic_core import PydanticUndefined

from lap_assets.settings import Settings
from tests.docs.pages import PAGES, ROOT, inline_code, table_rows

PAGE = ROOT / "docs" / "settings.md"
OTHERS = {"LAP_DEBUG", "LAP_POSTGRES_URL"}
"""Read from the environment outside of the settings."""
OF_TESTS = {"LAP_SNAPSHOT"}
OF_DEPLOY = {"LAP_POSTGRES_PASSWORD", "LAP_REDIS_PASSWORD", "LAP_CPU_WORKERS", "LAP_UI_PORT"}


def shown(value: object) -> str:
    if value in (None, "", PydanticUndefined):
        return "–"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_every_setting_stands_there_with_its_default() -> None:
    rows = {row[0].strip("`"): row[1] for row in table_rows(PAGE) if len(row) == 3 and row[0].startswith("`LAP_")}
    assert rows == {f"LAP_{name.upper()}": shown(field.default) for name, field in Settings.model_fields.items()}


def test_what_is_outside_of_the_settings_stands_there_too() -> None:
    rows = {row[0].strip("`") for row in table_rows(PAGE) if len(row) == 2}
    assert rows >= OTHERS
    assert "DAGSTER_HOME" in rows


def test_no_page_names_a_variable_that_does_not_exist() -> None:
    known = {f"LAP_{name.upper()}" for name in Settings.model_fields} | OTHERS | OF_TESTS | OF_DEPLOY
    for page in PAGES:
        if page.name != "CHANGELOG.md":
            named = set(re.findall(r"\bLAP_[A-Z][A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))
            assert named <= known, (page.name, sorted(named - known))


def test_the_values_that_pages_show_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("LAP_"):
            monkeypatch.delenv(name)
    for page in PAGES:
        for code in inline_code(page):
            found = re.fullmatch(r"(LAP_[A-Z_]+)='?(.+?)'?", code)
            if found and found[1] not in OTHERS | OF_TESTS and "…" not in code:
                with monkeypatch.context() as patch:
                    patch.setenv(found[1], found[2])
                    Settings.load()
