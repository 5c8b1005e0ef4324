"""Texts that several files of a release share: name, description, licence."""

from typing import Final

NAME: Final = "LAP: labeled animation posters"
DESCRIPTION: Final = (
    "Anime posters from MyAnimeList and World Art without near-duplicates, with boxes of faces and heads: drawn or "
    "corrected by people on reviewed images, a detector's on the others. For training and evaluating detectors of "
    "stylized faces."
)


def licence_line(licence: str) -> str:
    """`licence`: of the annotations, as the publisher names it; may be empty."""
    annotations = licence or "no licence named"
    return f"Images: copyright of their creators, not licensed here. Annotations: {annotations}."
