import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import SettingsError
from lap_assets.settings import Settings, parse_pause
from lap_assets.startup import load_settings


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
        ("LAP_PAUSE", ""),
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
        ("LAP_EMBEDDER", ""),
        ("LAP_FACE_DETECTOR", "lanczos"),
        ("LAP_HEAD_DETECTOR", "hysts-faster-rcnn"),
        ("LAP_UPSCALER", "lap-tiny"),
    ],
)
def test_a_value_that_cannot_be_gives_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert str(told.value).startswith(f"{name}=")
    assert repr(value) in str(told.value)
    assert "\n" not in str(told.value)


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


def test_a_wrong_model_is_told_the_choices(monkeypatch: pytest.MonkeyPatch) -> None:
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
