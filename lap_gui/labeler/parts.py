"""Parts of a labeling session: its layers, the selection, one undoable change."""

from dataclasses import dataclass, field

from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.suggested_classes import SuggestedClasses
from lap_gui.labeler.document import Document
from lap_gui.labeler.grips import Grip
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.reviews import PastReviews


@dataclass(frozen=True, slots=True)
class BoxSelection:
    """A box of the current image (its index among the sorted boxes) and the corner or edge that keys move."""

    index: int
    grip: Grip = "bottom right"


@dataclass(frozen=True, slots=True)
class Change:
    """One undoable action: an image's labels in a layer, or (`layer` None) its mark for deletion."""

    name: str
    layer: int | None
    before: ImageLabels | bool
    after: ImageLabels | bool


@dataclass(slots=True)
class Layer:
    """Labels of one kind: `title` ("faces"), the document, suggested boxes, their suggested classes, past reviews."""

    title: str
    document: Document
    suggestions: Labels = field(default_factory=Labels)
    classes: SuggestedClasses = field(default_factory=dict)
    reviews: PastReviews | None = None
