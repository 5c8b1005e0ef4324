"""What one image is labeled with in one layer. No files."""

from dataclasses import dataclass

from lap_assets.core.box import Box


@dataclass(frozen=True, slots=True)
class ImageLabels:
    """One image's labels in one layer. `size`: of the image when it was last worked on."""

    boxes: tuple[Box, ...] = ()
    reviewed: bool = False
    size: tuple[int, int] | None = None

    def says_like(self, other: "ImageLabels") -> bool:
        """Whether both have the same boxes and were both reviewed, or neither."""
        return (self.boxes, self.reviewed) == (other.boxes, other.reviewed)
