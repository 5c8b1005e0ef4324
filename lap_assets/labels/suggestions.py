"""The detectors' boxes as label files for the Labeler's suggestions: `labels_faces_baseline.txt` and the one for heads.

No polars here: the machine of a person who labels may lack it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.labels.files import LabelKind
from lap_assets.core.labels.lap_format import write
from lap_assets.core.precision import SCORE_DECIMALS
from lap_assets.core.reading import open_regular
from lap_assets.labels.rows import corners_of

BASELINE_ASSETS: Final[dict[str, LabelKind]] = {"baseline_face_boxes": "faces", "baseline_head_boxes": "heads"}
"""The kind of labels in each asset of detectors' boxes."""
SUGGESTED_ASSETS: Final[dict[str, LabelKind]] = {"suggested_face_boxes": "faces", "suggested_head_boxes": "heads"}
"""The kind of labels in each asset of boxes by models trained from people's labels."""


def write_suggestions(path: Path, tables: Iterable[Path], least_score: float = 0.0) -> int:
    """Write stored tables of boxes (`detection.SCHEMA`, `<subfolder>.parquet`) as one label file with scores.

    Boxes below `least_score` are left out. Returns the number of boxes written.
    """
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    found: dict[str, list[Box]] = {}
    for table in tables:
        open_regular(table).close()  # Arrow waits for a FIFO's writer
        for row in pq.read_table(table, columns=["name", "boxes"], partitioning=None).to_pylist():
            if row["boxes"] is not None:
                found[f"{table.stem}/{row['name']}"] = [
                    _box(box) for box in row["boxes"] if box["score"] >= least_score
                ]
    write(path, dict(sorted(found.items())))
    return sum(map(len, found.values()))


def models_in(tables: Iterable[Path]) -> list[str]:
    """Return the sorted names of the models that found the boxes of stored tables."""
    import pyarrow.parquet as pq

    found: set[str] = set()
    for table in tables:
        open_regular(table).close()
        found |= set(pq.read_table(table, columns=["model"], partitioning=None)["model"].to_pylist())
    return sorted(found - {None})


def _box(row: dict[str, float]) -> Box:
    """Return a detector's box rounded to whole px."""
    xmin, ymin, xmax, ymax = map(round, corners_of(row))
    return Box(xmin, ymin, xmax, ymax, score=round(float(row["score"]), SCORE_DECIMALS))
