"""The file of a home's audits of suggestions, beside the label file: `labels_faces.audits.json`.

It does not hold what people drew and reviewed; that is in separate files (`core.labels`).
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.files import write_text
from lap_assets.core.labels.image_names import check_name
from lap_assets.core.plain_text import check_label
from lap_assets.core.record_list import read_records
from lap_assets.labels.label_audit import LabelAudit, SampleResult, SureImage

_ID: Final = re.compile(r"[0-9a-f]{32}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


def label_audits_path(labels: Path) -> Path:
    """Return the path of the audits for a label file."""
    return labels.with_name(f"{labels.stem}.audits.json")


def read_label_audits(path: Path) -> list[LabelAudit]:
    """Read the audits of a file, oldest first; empty if there is no file.

    Raises:
        FileError: the file does not hold audits, or is a broken link.
    """
    return read_records(path, "audits", _audit)


def write_label_audits(path: Path, audits: Sequence[LabelAudit]) -> None:
    """Write the audits, replacing the file atomically."""
    write_text(path, json.dumps({"audits": [_written(audit) for audit in audits]}, separators=(",", ":")) + "\n")


def accepted_images(audits: Iterable[LabelAudit]) -> dict[str, tuple[LabelAudit, SureImage]]:
    """Return the images accepted in audits by name, each with its newest acceptance."""
    return {
        image.name: (audit, image) for audit in audits if audit.accepted is not None for image in audit.others
    }  # fmt: skip


def _written(audit: LabelAudit) -> dict[str, Any]:
    images = [
        [image.name, image.sha256, [[*box.corners, box.class_id, box.score] for box in image.boxes]]
        for image in audit.images
    ]
    fields = ("id", "drawn", "model", "least_score", "least_class", "population", "sample", "earlier", "accepted")
    return {**{name: getattr(audit, name) for name in fields}, "result": asdict(audit.result), "images": images}


def _audit(read: object) -> LabelAudit:
    match read:
        case {
            "id": str(audit), "drawn": str(drawn), "model": str(model), "least_score": int() | float() as score,
            "least_class": int() | float() as class_, "population": int(population), "earlier": int(earlier),
            "images": list(rows), "sample": list(named), "result": dict(result),
            "accepted": str() | None as accepted,
        }:  # fmt: skip
            images, sample = tuple(map(_image, rows)), _sample_of(named)
            names = {image.name for image in images}
            times = [time for time in (drawn, accepted) if time is not None]
            are_numbers = 0 <= score <= 1 and 0 <= class_ <= 1 and earlier >= 0
            are_whole = len(names) == len(images) <= population and names.issuperset(sample)
            is_bounded = accepted is None or result.get("wrong_at_most") is not None
            if _ID.fullmatch(audit) and all(map(_TIME.fullmatch, times)) and are_numbers and are_whole and is_bounded:
                return LabelAudit(
                    audit, drawn, check_label(model, "the model"), score, class_, population, images, sample, earlier,
                    _result(result, len(sample)), accepted,
                )  # fmt: skip
    raise InputError("an entry of its list is not a valid audit")


def _sample_of(read: Sequence[object]) -> tuple[str, ...]:
    """Return the names of a sample.

    Raises:
        InputError: an entry is not a valid name, or is repeated.
    """
    names = [check_name(name) for name in read if isinstance(name, str)]
    if len(names) < len(read) or len(set(names)) < len(names):
        raise InputError("a sample is not a list of distinct names")
    return tuple(names)


def _image(read: object) -> SureImage:
    match read:
        case [str(name), str(sha256), [*boxes]] if _SHA256.fullmatch(sha256):
            return SureImage(check_name(name), sha256, tuple(map(_box, boxes)))
    raise InputError("an entry of an audit is not a valid image")


def _box(read: object) -> Box:
    match read:
        case [
            int() | float() as xmin, int() | float() as ymin, int() | float() as xmax, int() | float() as ymax,
            int() | None as class_id, int() | float() | None as score,
        ] if not any(isinstance(one, bool) for one in read):  # fmt: skip
            return Box(xmin, ymin, xmax, ymax, class_id, score)
    raise InputError("an entry of an image is not a valid box")


def _result(read: dict[str, object], sample: int) -> SampleResult:
    match read:
        case {
            "answered": int(answered), "waiting": int(waiting), "wrong": int(wrong), "left": int(left),
            "wrong_at_most": int() | None as most,
        } if 0 <= wrong <= answered <= answered + waiting <= sample and 0 <= (most or 0) <= left:  # fmt: skip
            return SampleResult(answered, waiting, wrong, left, most)
    raise InputError("an audit has no valid result")
