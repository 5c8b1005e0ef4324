import json
import os
import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import SettingsError
from lap_assets.core.home import DEFAULT, home_from_environment
from lap_assets.run_context import RunContext
from lap_assets.setting_faults import unknown_names
from lap_assets.setting_texts import parse_pause
from lap_assets.settings import Settings
from lap_assets.sites.asking import user_agent
from lap_assets.startup import load_settings
from tests.support import Lap


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LAP_")]:
        monkeypatch.delenv(name)


def test_without_variables_the_pause_is_a_polite_one_and_the_sites_are_real() -> None:
    settings = load_settings()
    assert settings.pause_seconds == (1, 4)
    assert not settings.is_replica
    assert (settings.sweep_pages, settings.contact) == (40, "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAP_SITES_URL", "https://myanimelist.net"),
        ("LAP_SITES_URL", "http://127.0.0.1.example.com:80"),
        ("LAP_SITES_URL", "http://127.0.0.1@example.com:80"),
        ("LAP_SITES_URL", "http://192.168.0.1:80"),
        ("LAP_SITES_URL", "http://127.0.0.1"),
        ("LAP_SITES_URL", "127.0.0.1:8765"),
        ("LAP_PAUSE", "fast"),
        ("LAP_PAUSE", "4-1"),
        ("LAP_PAUSE", "-1"),
        ("LAP_PAUSE", "1-10000000"),
        ("LAP_PAUSE", "9" * 150),
        ("LAP_PAUSE", "\u0663"),
        ("LAP_SPLITS", "90/5"),
        ("LAP_SPLITS", "\u0669\u0660/5/5"),
        ("LAP_SITES_URL", "http://127.0.0.1:99999"),
        ("LAP_SITES_URL", "http://127.0.0.1:0"),
        ("LAP_BUDGET_REQUESTS", "0"),
        ("LAP_BUDGET_REQUESTS", "many"),
        ("LAP_BUDGET_MINUTES", "0"),
        ("LAP_BUDGET_MINUTES", "nan"),
        ("LAP_REVISIT_DAYS", "-1"),
        ("LAP_REVISIT_DAYS_NEWEST", "x\ny"),
        ("LAP_SWEEP_DAYS", "weekly"),
        ("LAP_SWEEP_PAGES", "0"),
        ("LAP_PROBE_IDS", "0"),
        ("LAP_PROBE_IDS", "1.5"),
        ("LAP_MAX_PIXELS", "0"),
        ("LAP_MAX_PICTURE_BYTES", "-5"),
        ("LAP_EMBEDDER", "resnet"),
        ("LAP_BUDGET_MINUTES", "inf"),
        ("LAP_REVISIT_DAYS", "1e300"),
        ("LAP_LONGEST_BREAK", "1e7"),
        ("LAP_BUDGET_REQUESTS", "1" + "0" * 90),
        ("LAP_MAL_SOURCE", "both"),
        ("LAP_KEEP_MODELS", "perhaps"),
        ("LAP_PERMISSION", "the owner\x1b[2J"),
        ("LAP_FACE_DETECTOR", "lanczos"),
        ("LAP_HEAD_DETECTOR", "hysts-faster-rcnn"),
        ("LAP_UPSCALER", "lap-tiny"),
    ],
)
def test_an_invalid_value_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as result:
        load_settings()
    assert str(result.value).startswith(f"{name}=")
    assert repr(value) in str(result.value)
    assert "\n" not in str(result.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LAP_PAUSE", "9" * 5000, "expected seconds"),
        ("LAP_SPLITS", "1" * 5000 + "/0/0", "expected whole percentages"),
        ("LAP_HOME", "h" * 256, "expected a folder"),
        ("LAP_HOME", "homes/" + "\u00e4" * 128 + "/home", "expected a folder"),
    ],
)
def test_a_value_that_is_too_long_is_reported_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}=.*: {expected}") as result:
        load_settings()
    assert len(str(result.value)) < 400


@given(
    budget=st.none() | st.integers(1, 10**9),
    minutes=st.none() | st.floats(1e-6, 1e6),
    days=st.floats(0, 1e6),
    pause=st.sampled_from(["0", "1-4", "0.5", " 1 - 2.25 "]),
    port=st.none() | st.integers(1, 65535),
    contact=st.text(st.characters(codec="ascii", exclude_categories=["C"])),
)
def test_the_environment_gives_the_same_settings(
    budget: int | None, minutes: float | None, days: float, pause: str, port: int | None, contact: str
) -> None:
    made = Settings(
        home=Path("/somewhere"),
        budget_requests=budget,
        budget_minutes=minutes,
        revisit_days=days,
        pause=pause,
        sites_url=f"http://127.0.0.1:{port}" if port else None,
        contact=contact,
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in made.as_environment().items():
            patch.setenv(name, value)
        assert load_settings() == made


def test_the_home_is_handed_on_as_an_absolute_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("h")).as_environment()["LAP_HOME"] == str(tmp_path / "h")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8765", "http://localhost:1/", "http://[::1]:65535"])
def test_a_replica_on_this_machine_is_allowed(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("LAP_SITES_URL", url)
    settings = load_settings()
    assert settings.sites_url == url.rstrip("/")
    assert settings.is_replica


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", (0, 0)), ("2.5", (2.5, 2.5)), ("1-4", (1, 4)), (" 1 - 4 ", (1, 4)), ("3-3", (3, 3))]
)
def test_a_pause_is_a_number_or_a_range(text: str, seconds: tuple[float, float]) -> None:
    assert parse_pause(text) == seconds


def test_a_wrong_model_is_reported_with_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAP_EMBEDDER", "vit")
    with pytest.raises(SettingsError, match="none"):
        load_settings()


def test_models_are_the_originals_but_in_a_demo_s_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAP_HOME", str(tmp_path))
    models = ("embedder", "face_detector", "head_detector", "upscaler")
    usual = load_settings()
    assert [getattr(usual, name) for name in models] == [
        "animesion-vit-l16", "hysts-faster-rcnn", "grapeot-yolov3", "realesrgan-anime-6b",
    ]  # fmt: skip
    (tmp_path / "demo.json").write_text("{}")
    assert [getattr(load_settings(), name) for name in models] == ["lap-tiny"] * 3 + ["lanczos"]
    assert load_settings() == usual.for_demo()
    monkeypatch.setenv("LAP_FACE_DETECTOR", "none")
    chosen = load_settings()
    assert (chosen.face_detector, chosen.head_detector) == ("none", "lap-tiny")


@pytest.mark.parametrize("name", [f"LAP_{name.upper()}" for name in Settings.model_fields])
def test_a_variable_that_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    usual = load_settings()
    monkeypatch.setenv(name, "")
    assert load_settings() == usual
    assert home_from_environment().root.name == DEFAULT


NUMBERS = [
    name
    for name, field in Settings.model_fields.items()
    if set(get_args(field.annotation) or (field.annotation,)) & {int, float}
]


@given(name=st.sampled_from(NUMBERS), value=st.text(st.characters(codec="ascii", exclude_characters="\0"), min_size=1))
def test_any_number_is_accepted_or_reported_in_plain_words(name: str, value: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"LAP_{name.upper()}", value)
        try:
            made = getattr(load_settings(), name)
        except SettingsError as error:
            (line,) = error.lines
            assert line.startswith(f"LAP_{name.upper()}=")
            assert ": expected a" in line
            assert not re.search("Input should|unable to parse|Value error|pydantic", line)
        else:
            assert made is None or 0 <= made <= 10**12


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a mapping"),
        ('{"same": null}', "no such rule"),
        ('{"same_ahash": {"ahash": [3, "x"]}}', "expected two numbers"),
        ('{"same_ahash": {"ahash": [NaN, 2]}}', "NaN"),
        ('{"same_ahash": {"ahash": [0, 1' + "0" * 400 + "]}}", "64 bits"),
    ],
)
def test_invalid_rules_are_named_by_their_variable(monkeypatch: pytest.MonkeyPatch, rules: str, says: str) -> None:
    monkeypatch.setenv("LAP_RULES", rules)
    with pytest.raises(SettingsError, match=f"^LAP_RULES: .*{says}") as result:
        load_settings()
    assert not re.search("Input should|unable to parse|Value error|pydantic", str(result.value))


def test_an_unknown_name_is_reported_with_the_nearest_one() -> None:
    names = {
        "LAP_PAUZE": "1",
        "LAP_BUDGET_REQEUSTS": "3",
        "LAP_XYZZY": "",
        "LAP_HOME": "",
        "LAP_DEBUG": "1",
        "PATH": "",
    }
    assert unknown_names(names, Settings.model_fields) == [
        "LAP_BUDGET_REQEUSTS is not a setting; did you mean LAP_BUDGET_REQUESTS?",
        "LAP_PAUZE is not a setting; did you mean LAP_PAUSE?",
        "LAP_XYZZY is not a setting",
    ]


def test_the_command_shows_what_is_in_force_and_where_it_comes_from(lap: Lap) -> None:
    shown = lap("settings", "--json", LAP_PAUSE="2", LAP_MAL_CLIENT_ID="secret-id", LAP_SWEEP_PAGES="", LAP_PAUZE="3")
    assert shown.returncode == 0, shown.stderr
    rows = {row["name"]: (row["value"], row["source"]) for row in json.loads(shown.stdout)}
    assert rows["LAP_PAUSE"] == ("2", "environment")
    assert rows["LAP_MAL_SOURCE"] == ("api", "chosen by LAP")
    assert rows["LAP_MAL_CLIENT_ID"] == ("set", "environment")
    assert rows["LAP_SWEEP_PAGES"] == (40, "default")
    assert set(rows) == {f"LAP_{name.upper()}" for name in Settings.model_fields}
    assert "secret-id" not in shown.stdout + shown.stderr
    assert shown.stderr == "lap: LAP_PAUZE is not a setting; did you mean LAP_PAUSE?\n"
    assert lap("settings").returncode == 0


@pytest.mark.parametrize(
    ("contact", "sent"),
    [
        ("müller@bücher.example", "m%C3%BCller@b%C3%BCcher.example"),
        (
            "https://пример.example/о нас".replace(" ", "-"),
            "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/%D0%BE-%D0%BD%D0%B0%D1%81",
        ),
        ("ann+lap@example.org", "ann+lap@example.org"),
    ],
)
def test_a_contact_in_any_letters_is_sent_encoded(contact: str, sent: str) -> None:
    agent = user_agent(RunContext(Settings(contact=contact, permission="a test")))
    assert agent.isascii()
    assert f"contact: {sent})" in agent
