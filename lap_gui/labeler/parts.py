"""What a labeling session is made of: its layers, what is selected, one undoable step. What is done is in `session`."""

from dataclasses import dataclass, field

from lap_assets.core.labels.document import Labels
from lap_gui.labeler.document import Document, State
from lap_gui.labeler.edits import Corner


@dataclass(frozen=True, slots=True)
class Selection:
    """A box of the image in its layer (by its place in the sorted boxes) and the corner that keys move."""

    index: int
    corner: Corner = "bottom right"


@dataclass(frozen=True, slots=True)
class Step:
    """One undoable action: an image's state in a layer, or (`layer` None) its mark for deletion."""

    name: str
    layer: int | None
    before: State | bool
    after: State | bool


@dataclass(slots=True)
class Layer:
    """Labels of one kind: `title` ("faces"), the document, and boxes that are suggested."""

    title: str
    document: Document
    suggestions: Labels = field(default_factory=Labels)
