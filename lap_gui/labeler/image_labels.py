"""The labels of one image in one layer. No files."""

from dataclasses import dataclass

from lap_assets.core.box import Box


@dataclass(frozen=True, slots=True)
class ImageLabels:
    """One image's labels in one layer. `size`: of the image at its last edit."""

    boxes: tuple[Box, ...] = ()
    reviewed: bool = False
    size: tuple[int, int] | None = None

    def has_same_labels(self, other: "ImageLabels") -> bool:
        """Return whether both have the same boxes and reviewed state."""
        return (self.boxes, self.reviewed) == (other.boxes, other.reviewed)
