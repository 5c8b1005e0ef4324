"""The home's dagster.yaml: its default content, updates of earlier defaults, and advice on a person's own file."""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import yaml

from lap_assets.core.files import write_text

_MONITORING: Final = {"poll_interval_seconds": 10, "free_slots_after_run_end_seconds": 10, "cancel_timeout_seconds": 60}
_FRESH: Final = """\
# LAP wrote this file because there was none. You may change it.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
    granularity: op
    op_granularity_run_buffer: 1 # while one run holds a pool, the next one may start its process
  runs:
    max_concurrent_runs: 6 # per site, one that works and one that waits; and two others
run_coordinator:
  module: dagster
  class: QueuedRunCoordinator
  config:
    dequeue_interval_seconds: 1
run_monitoring: # frees the pools of killed runs, and closes runs that do not end when canceled
  enabled: true
""" + "".join(f"  {key}: {seconds}\n" for key, seconds in _MONITORING.items())
# The sha256 of the files that earlier versions wrote.
_EARLIER: Final = (
    "bde7fa95a2d4b5fd208b7fe0074847d1970a005989a0510485d0d55c84acda30",
    "c26c4a2e15353d1e0d97eb3c236cb78243d023716c89675423e7a63b24ae4bcb",
    "12d4bf379db6d768be13e54f52a278237568acc39b1d0bb7453127ad0262f465",
    "affab33ac1bc46908b12501c5f3733f8fceda7491b8aa068deaba6ea5a59c46c",
)
_ELSEWHERE: Final = {
    "storage", "run_storage", "event_log_storage", "schedule_storage", "local_artifact_storage", "instance_class",
}  # fmt: skip
"""The settings that may place the records outside DAGSTER_HOME's SQLite files."""
_OLD_LINE: Final = re.compile(r"^( +)free_slots_after_run_end_seconds: 300\b.*$", re.MULTILINE)
_PATIENCE: Final = 60  # seconds within which a killed run's pool must be free again


def keep_settings(path: Path) -> None:
    """Write dagster.yaml if there is none, and update one of an earlier version; a person's own lines stay.

    Raises:
        OSError: the folder is not writable.
    """
    old = path.read_text("utf-8") if path.exists() else None
    new = _FRESH if old is None else _brought_up_to_date(old)
    if new != old:
        write_text(path, new)


def settings_advice(path: Path) -> str | None:
    """Return a line of advice if a person's own dagster.yaml leaves killed runs open for long; else None."""
    monitoring = _monitoring(path.read_text("utf-8"))
    seconds = sum(_seconds(monitoring, key, default) for key, default in _DEFAULTS.items())
    if monitoring.get("enabled") and 0 < seconds <= _PATIENCE and _seconds(monitoring, _CANCEL, 180):
        return None
    expected = ", ".join(f"{key}: {value}" for key, value in {"enabled": "true", **_MONITORING}.items())
    return f"{path}: run_monitoring leaves killed or canceled runs open for long; set {expected}"


def has_own_storage(path: Path) -> bool:
    """Return whether the instance stores its records in DAGSTER_HOME, as it does unless a person changed that."""
    text = path.read_text("utf-8")
    return text == _FRESH or not _ELSEWHERE & _settings(text).keys()


_CANCEL: Final = "cancel_timeout_seconds"
_NEVER: Final = 10**6
_DEFAULTS: Final = {"poll_interval_seconds": 120, "free_slots_after_run_end_seconds": _NEVER}


def _seconds(monitoring: dict[str, Any], key: str, default: int) -> int:
    value = monitoring.get(key, default)
    return value if isinstance(value, int) else default


def _brought_up_to_date(text: str) -> str:
    if hashlib.sha256(text.encode()).hexdigest() in _EARLIER:
        return _FRESH
    if _MONITORING.keys() & _monitoring(text).keys() != {"free_slots_after_run_end_seconds"}:
        return text
    lines = "\n".join(rf"\g<1>{key}: {seconds}" for key, seconds in _MONITORING.items())
    return _OLD_LINE.sub(lines, text, count=1)


def _monitoring(text: str) -> dict[str, Any]:
    section = _settings(text).get("run_monitoring")
    return section if isinstance(section, dict) else {}


def _settings(text: str) -> dict[str, Any]:
    """Return the settings; empty if there are none or the YAML is invalid, which Dagster reports."""
    try:
        settings = yaml.safe_load(text)
    except yaml.YAMLError:
        return {}
    return settings if isinstance(settings, dict) else {}
