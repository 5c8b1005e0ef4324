"""Targets for texts: JSON, YAML, lists beside labels, candidates, settings, headers; with conditions on the results."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from unittest.mock import patch

from lap_assets.core.box import LARGEST_CLASS
from lap_assets.core.errors import FileError, InputError, LabelFileError, RulesError, SettingsError
from lap_assets.core.json_text import parse_json
from lap_assets.core.labels.lists import read_classes, read_delcands, read_reviewed, reviewed_text
from lap_assets.core.plain_text import printable
from lap_assets.duplicates.rules import rules_from
from lap_assets.labels.yaml_text import parse_yaml
from lap_assets.settings import Settings
from lap_assets.sites.crawl_policy import retry_after_seconds
from lap_gui.review.lists import read_list
from tests.fuzz.target import RefusedInput, Target, scratch_folder


def _json(data: bytes) -> None:
    try:
        value = parse_json(data.decode())
    except (InputError, UnicodeDecodeError):
        raise RefusedInput from None
    assert parse_json(json.dumps(value, ensure_ascii=False, allow_nan=False).encode().decode()) == value


def _yaml(data: bytes) -> None:
    try:
        value = parse_yaml(data.decode("utf-8", "replace"))
    except InputError:
        raise RefusedInput from None
    assert len(repr(value)) < 100 * (len(data) + 10)  # no small input expands into a huge value


def _lists(data: bytes) -> None:
    path = Path(scratch_folder()) / "list.txt"
    path.write_bytes(data)
    try:
        classes, _ = read_classes(path)
        reviewed, _ = read_reviewed(path)
        marked = read_delcands(path, 5)
    except LabelFileError:
        raise RefusedInput from None
    assert all(printable(name) == name and 0 <= number <= LARGEST_CLASS for number, name in classes.items())
    assert all(entry.size is None or min(entry.size) > 0 for entry in reviewed.values())
    assert set(marked.indices) <= set(range(5))
    path.write_text(reviewed_text(reviewed), encoding="utf-8")
    assert read_reviewed(path) == (reviewed, [])


def _candidates(data: bytes) -> None:
    path = Path(scratch_folder()) / "candidates.csv"
    path.write_bytes(data)
    try:
        read = read_list(path)
    except FileError:
        raise RefusedInput from None
    for pair in read.pairs:
        assert pair.first.name != pair.second.name
        assert pair.distance is None or 0 <= pair.distance < math.inf
        assert len(pair.first.sha256) in (0, 64)


def _number_setting(data: bytes) -> None:
    value = data.decode("utf-8", "replace").replace("\0", "")
    lines: tuple[str, ...] = ()
    with patch.dict(os.environ, {"LAP_BUDGET_MINUTES": value, "LAP_MAX_PIXELS": value, "LAP_PAUSE": value}):
        try:
            settings = Settings.load()
        except SettingsError as error:
            lines, settings = error.lines, None
    if settings is None:
        assert all(line.startswith("LAP_") and "Input should" not in line for line in lines)
        raise RefusedInput
    assert settings.budget_minutes is None or 0 < settings.budget_minutes <= 1e6
    assert settings.max_pixels > 0


def _rules(data: bytes) -> None:
    message = ""
    try:
        rules_from(data.decode("utf-8", "replace"))
    except RulesError as error:
        message = str(error)
    assert "Input should" not in message
    if message:
        raise RefusedInput


def _retry_after(data: bytes) -> None:
    seconds = retry_after_seconds(data.decode("latin-1"), 1.8e9)
    assert seconds is None or 0 <= seconds < 1e12  # the crawl policy caps it at some hours


def _seed_candidates() -> list[bytes]:
    names = b"MAL00005_1018_120197.jpg", b"MAL00020_WA00262_164.jpg"
    return [
        b"first,second,first_sha256,second_sha256,measure,distance,likely\n%s,%s,%s,%s,ahash,3,true\n"
        % (*names, b"a" * 64, b"b" * 64),
        b"0\\%s;%s;7\n" % names,
    ]


CHEAP: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "json": Target(
            _json, lambda: [b'{"a": [1, 2.5, -3e4, "x\\ud83d\\ude00", null, true]}', b'"\\ud800"', b"[NaN]"]
        ),
        "yaml": Target(_yaml, lambda: [b"names:\n  0: a\n  1: b\ntrain: &a [x, y]\nval: *a\n", b"a: 2001-01-01\n"]),
        "lists": Target(
            _lists, lambda: [b"0:face\n1:head\n", b"name\treviewed\twidth\theight\n0/a.jpg\tyes\t3\t4\n3\n"]
        ),
        "candidates": Target(_candidates, _seed_candidates),
        "rules": Target(
            _rules, lambda: [b'{"same_ahash": {"ahash": [0, 3]}, "cosine_review": {"likely": 0.1}, "marks": null}']
        ),
        "retry after": Target(_retry_after, lambda: [b"120", b"Thu, 27 Nov 2025 10:45:00 GMT", b"3, 40"]),
    }
)
DEAR: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "number": Target(_number_setting, lambda: [b"3", b"1-4", b"0.5", b"1_000", b"1e3"]),
    }
)
