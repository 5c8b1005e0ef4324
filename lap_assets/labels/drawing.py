"""Pictures of an evaluation: curves of precision over recall, and images with their mistakes marked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.labels.evaluation import RECALLS, Scores
from lap_assets.labels.judging import Mistakes
from lap_assets.pictures.contact_sheet import SheetBox, SheetTile
from lap_assets.pictures.plot import PlotLine, line_plot

_MISSED: Final = (40, 120, 235)
_WRONG: Final = (235, 60, 40)


def curve_plot(scores: Scores, title: str = "precision over recall at an overlap of 0.5, by size of box") -> bytes:
    """Return a PNG: one curve for all boxes and one for each size that occurs."""
    lines = [
        PlotLine(list(zip(RECALLS.tolist(), curve.tolist(), strict=True)), f"{area} ({scores.boxes[area]:,})")
        for area, curve in scores.curves.items()
    ]
    return line_plot(lines, title, [0, 0.25, 0.5, 0.75, 1], "recall")


def mistake_tiles(mistakes: Sequence[Mistakes], images: Path) -> list[SheetTile]:
    """Return images with missed boxes in blue and wrong detections in red."""
    return [
        SheetTile(
            images / one.image.name,
            (one.image.name, f"{len(one.missed)} missed, {len(one.wrong)} wrong"),
            (
                *(SheetBox(box.corners, "missed", _MISSED) for box in one.missed),
                *(SheetBox(box.corners, f"{box.score:.2f}", _WRONG) for box in one.wrong),
            ),
        )
        for one in mistakes
    ]
