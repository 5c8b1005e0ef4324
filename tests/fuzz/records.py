"""Targets for small files of a home that people may edit by hand: own keys, audits of pairs, audits of suggestions."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import FileError
from lap_assets.labels.label_audit import LabelAudit, SampleResult, SureImage
from lap_assets.labels.label_audit_file import accepted_images, read_label_audits, write_label_audits
from lap_assets.review.audit import FILE, SampledPair, draw, read_audits, write_audits
from lap_gui.comparer.commands import KEYS
from lap_gui.shared import own_keys
from lap_gui.shared.own_keys import with_own_keys
from tests.fuzz.target import RefusedInput, Target, scratch_folder

_PAIR: Final = SampledPair("MAL00005_1018_120197.jpg", "a" * 64, "MAL00020_WA00262_164.jpg", "b" * 64)


def _keys(data: bytes) -> None:
    folder = Path(scratch_folder())
    (folder / own_keys.FILE).write_bytes(data)
    try:
        keymap = with_own_keys("comparer", KEYS, folder)
    except FileError:
        raise RefusedInput from None
    assert {command.name for command in keymap.commands} == {command.name for command in KEYS.commands}


def _pair_audits(data: bytes) -> None:
    folder = Path(scratch_folder())
    (folder / FILE).write_bytes(data)
    try:
        audits = read_audits(folder)
    except FileError:
        raise RefusedInput from None
    for audit in audits:
        str(audit)
        audit.judged(())
        assert len(audit.waiting_for("ann", ())) == len(audit.pairs)
    write_audits(audits, folder)
    assert read_audits(folder) == audits


def _label_audits(data: bytes) -> None:
    path = Path(scratch_folder()) / "labels_faces.audits.json"
    path.write_bytes(data)
    try:
        audits = read_label_audits(path)
    except FileError:
        raise RefusedInput from None
    accepted_images(audits)
    write_label_audits(path, audits)
    assert read_label_audits(path) == audits


def _seed_pair_audits() -> list[bytes]:
    return [json.dumps({"audits": [asdict(draw([_PAIR], below, 1, 3))]}).encode() for below in (None, 0.02)]


def _seed_label_audits() -> list[bytes]:
    image = SureImage("0/a.jpg", "c" * 64, (Box(1, 2, 30, 40, 3, 0.9),))
    audit = LabelAudit(
        "0" * 32, "2026-01-01T00:00:00.000000+00:00", "trained-faces.safetensors", 0.9, 0.5, 3, (image,), ("0/a.jpg",),
        0, SampleResult(0, 0, 0, 0, None), None,
    )  # fmt: skip
    path = Path(scratch_folder()) / "seed.audits.json"
    write_label_audits(path, [audit])
    return [path.read_bytes()]


CHEAP: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "own keys": Target(_keys, lambda: [b'[comparer]\nback = "Ctrl+z"\nunsure = ["F5", "z"]\n[labeler]\n']),
        "audits of pairs": Target(_pair_audits, _seed_pair_audits),
        "audits of suggestions": Target(_label_audits, _seed_label_audits),
    }
)
