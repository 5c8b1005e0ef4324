"""What a release says of itself wherever it says it: name, description, licence."""

from typing import Final

NAME: Final = "LAP: labeled animation posters"
DESCRIPTION: Final = (
    "Anime posters from MyAnimeList and World Art without near-duplicates, with boxes of faces and heads: people's "
    "where they have reviewed an image, a detector's elsewhere. Made to train and judge detectors of stylized faces."
)


def licence_line(licence: str) -> str:
    """`licence`: of the annotations, as the one who releases them says; may be empty."""
    annotations = licence or "no licence was named"
    return f"Images: their makers' rights, not licensed here. Annotations: {annotations}."
