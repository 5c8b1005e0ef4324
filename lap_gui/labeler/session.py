"""A labeling session without its window: edits of the current image, their undo, and saving.

Does not use Tk. All changes of labels go through `_change`, which keeps undo and the journal consistent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lap_assets.core.box import Box, in_order
from lap_assets.core.errors import InputError
from lap_assets.core.labels.companions import FacePlacement
from lap_gui.labeler.edits import Point, drawn, moved, pasted
from lap_gui.labeler.grips import moves, resized
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.parts import BoxSelection, Change
from lap_gui.labeler.position import Position
from lap_gui.labeler.suggesting import accepted, companions_for, learned_placement, suggestions_for
from lap_gui.shared.history import History


@dataclass(slots=True)
class LabelSession(Position):
    """A position whose image can be labeled. `least_score`: of the suggestions shown."""

    clipboard: Box | None = None
    least_score: float = 0.0
    history: History[Change] = field(default_factory=History)
    _placement: FacePlacement | None = None

    @property
    def dirty(self) -> bool:
        """Whether the files lag behind the journal."""
        return any(layer.document.dirty for layer in self.layers)

    def draw(self, start: Point, end: Point) -> bool:
        """Add a box and select it. Returns False if it would be too small."""
        box = drawn(start, end, self.known_size())
        if box is not None:
            self._add([box])
        return box is not None

    def put(self, box: Box) -> None:
        """Replace the selected box."""
        if self.selection is not None:
            boxes, grip = [*self.boxes], self.selection.grip
            boxes[self.selection.index] = box
            self._change(boxes)
            self.selection = BoxSelection(self.index_of(box), grip)

    def nudge_grip(self, dx: int, dy: int) -> bool:
        """Move the selected corner or edge by px. Returns False if nothing is selected that moves that way."""
        if self.selection is None or self.selected is None or not moves(self.selection.grip, dx, dy):
            return False
        self.put(resized(self.selected, self.selection.grip, dx, dy, self.known_size()))
        return True

    def nudge_box(self, dx: int, dy: int) -> bool:
        """Move the selected box by px. Returns False if none is selected."""
        if self.selected is None:
            return False
        self.put(moved(self.selected, dx, dy, self.known_size()))
        return True

    def classify(self, number: int) -> int | None:
        """Set the class of the selected box by key (1 to 15). Returns the class; None if nothing is selected.

        With a list of classes it is the number-th of them, otherwise the number itself.

        Raises:
            InputError: the list has fewer classes.
        """
        class_id = self.class_of(number)
        if self.selected is None:
            return None
        self.put(self.selected.with_class(class_id))
        return class_id

    def delete(self) -> None:
        """Delete the selected box; without one, mark the image for deletion, or unmark it."""
        if self.selection is None:
            self._mark(self.name not in self.marks)
            return
        boxes = [*self.boxes]
        del boxes[self.selection.index]
        self.selection = None
        self._change(boxes)

    def copy(self) -> bool:
        """Copy the selected box for `paste`. Returns False if none is selected."""
        self.clipboard = self.selected or self.clipboard
        return self.selected is not None

    def paste(self) -> bool:
        """Add the copied box, moved aside if an equal one exists. Returns False if there is none, or no room."""
        if self.clipboard is None or (box := pasted(self.clipboard, self.boxes, self.known_size())) is None:
            return False
        self._add([box])
        return True

    def suggested(self) -> list[Box]:
        """Return the boxes that a model suggests and the image does not have yet, with suggested classes if any."""
        if self.size is None:
            return []
        found = suggestions_for(self.layer, self.name, self.size, self.boxes, self.least_score)
        if self._placement is None and len(self.layers) > 1:
            self._placement = learned_placement(self.layers, self.all_names)
        if self._placement is None:
            return found
        return found + companions_for(self.layers, self.active, self.name, self.size, self._placement)

    def accept(self, boxes: Sequence[Box]) -> None:
        """Add suggested boxes to the image, with their classes and without scores; a single one is selected."""
        if boxes:
            self._add(list(map(accepted, boxes)))
            self.selection = self.selection if len(boxes) == 1 else None

    def review(self, reviewed: bool | None = None) -> None:
        """Mark the image's labels as reviewed, or not; None inverts the mark."""
        reviewed = not self.labels.reviewed if reviewed is None else reviewed
        self._put(replace(self.labels, reviewed=reviewed))
        if reviewed and self.layer.reviews is not None:
            self.layer.reviews.add(self.name)

    def undo(self) -> str | None:
        """Undo the last action and go to its image. Returns what was undone; None if there is nothing."""
        change = self.history.undo()
        return None if change is None else self._restore(change, change.after, change.before, "undone")

    def redo(self) -> str | None:
        """Redo the action undone last."""
        change = self.history.redo()
        return None if change is None else self._restore(change, change.before, change.after, "redone")

    def catch_up(self) -> bool:
        """Merge what others changed in the files. Returns whether there was anything.

        Raises:
            LabelFileError: a file can no longer be read.
            OSError: a file cannot be read, or a copy of labels that could not be merged cannot be written.
        """
        boxes = self.boxes
        news = [*(layer.document.catch_up() for layer in self.layers), self.marks.catch_up()]
        if self.boxes != boxes:
            self.selection = None
        return any(news)

    def save(self) -> None:
        """Save all changes."""
        for layer in self.layers:
            layer.document.save(self.all_names)

    def close(self) -> None:
        """Save, and release the files."""
        self.save()
        self.release()

    def release(self) -> None:
        """Release the files; unsaved changes stay in the journals."""
        for layer in self.layers:
            layer.document.close()

    def _add(self, boxes: Sequence[Box]) -> None:
        self._change([*self.boxes, *boxes])
        self.selection = BoxSelection(self.index_of(boxes[-1]))

    def _change(self, boxes: Sequence[Box]) -> None:
        self._put(replace(self.labels, boxes=in_order(boxes)))

    def _put(self, after: ImageLabels) -> None:
        before = self.labels
        after = replace(after, size=self.size or before.size)
        if (before.boxes, before.reviewed) == (after.boxes, after.reviewed):
            return
        self.layer.document.put(self.name, after)
        self.history.push(Change(self.name, self.active, before, after))

    def _mark(self, marked: bool) -> None:
        self.marks.set(self.name, marked=marked)
        self.history.push(Change(self.name, None, not marked, marked))

    def _restore(self, change: Change, left: ImageLabels | bool, labels: ImageLabels | bool, done: str) -> str:
        """Go to the image of a change, which made it `left`, and restore `labels`."""
        if change.name not in self.names:
            self.narrow(lambda _name: True)
        if change.name in self.names:
            self.go(self.names.index(change.name))
        self.selection = None
        if isinstance(labels, bool):
            self.marks.set(change.name, marked=labels)
            return f"{done}: mark for deletion, {change.name}"
        if change.layer is not None and isinstance(left, ImageLabels):
            self.active = change.layer
            if not self.labels.has_same_labels(left):
                raise InputError(f"{change.name} was changed meanwhile by somebody else: nothing was {done}")
            self.layers[change.layer].document.put(change.name, labels)
        return f"{done}: {change.name}"
