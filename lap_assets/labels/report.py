"""The report on a detector's scores on the images that people have reviewed."""

from typing import Final

import polars as pl

from lap_assets.labels.annotations import Annotations
from lap_assets.labels.judging import Report, judge_labels

METHOD: Final = "1"
SCHEMA: Final = pl.Schema(
    {
        "kind": pl.String(),
        "model": pl.String(),
        "size": pl.String(),
        "images": pl.UInt32(),
        "boxes": pl.UInt32(),
        "ap50": pl.Float64(),
        "ap": pl.Float64(),
        "ar": pl.Float64(),
    }
)
"""One row per kind and size of box ("all", "small", "medium", "large", as in COCO). `images`: the number of reviewed
images judged; `boxes`: people's boxes of that size on them; without such boxes, the scores are null."""


def detector_report(kind: str, people: Annotations, machine: Annotations) -> tuple[pl.DataFrame, Report]:
    """Judge a machine's boxes by people's, on all images that a person has reviewed and the machine has processed.

    Classes are ignored, because the detectors have none.
    """
    processed = {image.name for image in machine.images}
    report = judge_labels(people.only(lambda image: bool(image.reviewed) and image.name in processed), machine)
    scores = report.scores
    models = " / ".join(sorted({image.model for image in machine.images if image.model})) or "none"
    ap50, ap = {"all": scores.ap50, **scores.ap50_by_size}, {"all": scores.ap, **scores.ap_by_size}
    ar = {"all": scores.ar_by_limit[100], **scores.ar_by_size}
    rows = [
        (kind, models, size, report.images, boxes, ap50[size], ap[size], ar[size])
        for size, boxes in scores.boxes.items()
    ]
    return pl.DataFrame(rows, SCHEMA, orient="row"), report
