"""A labeling session without its window: which image, which layer, what is selected, each edit and its undoing.

Nothing here knows Tk. All that changes labels goes through `_change`, which keeps undo and the journal whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box, in_order, iou
from lap_assets.core.errors import LabelFileError
from lap_gui.labeler import edits
from lap_gui.labeler.document import State
from lap_gui.labeler.edits import Point, Size
from lap_gui.labeler.marks import Marks
from lap_gui.labeler.parts import Layer, Selection, Step
from lap_gui.shared.history import History

SAME: Final = 0.5
"""A suggestion that overlaps a box by so much (intersection over union) is that box."""


@dataclass(slots=True)
class Session:
    """See the module.

    `all_names`: the images of the folder; `every_name`: those of this session; `names`: those shown just now.
    """

    root: Path
    every_name: Sequence[str]
    all_names: Sequence[str]
    layers: Sequence[Layer]
    marks: Marks
    classes: Mapping[int, str]
    index: int = 0
    active: int = 0
    selection: Selection | None = None
    clipboard: Box | None = None
    history: History[Step] = field(default_factory=History)
    names: Sequence[str] = ()
    size: Size | None = None
    """Of the present image in px; None while it is not known, and then nothing can be edited."""

    def __post_init__(self) -> None:
        self.names = self.names or self.every_name

    @property
    def name(self) -> str:
        """The present image."""
        return self.names[self.index]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.root / self.name

    @property
    def layer(self) -> Layer:
        """The active layer."""
        return self.layers[self.active]

    @property
    def state(self) -> State:
        """What is said of the present image in the active layer."""
        return self.layer.document.state(self.name)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The present boxes."""
        return self.state.boxes

    @property
    def selected(self) -> Box | None:
        """The selected box."""
        return self.boxes[self.selection.index] if self.selection is not None else None

    @property
    def dirty(self) -> bool:
        """Whether the files lag behind the journal."""
        return any(layer.document.dirty for layer in self.layers)

    def go(self, index: int) -> bool:
        """To another image: nothing stays selected, so no key can touch a box of another image (3)."""
        index = max(0, min(index, len(self.names) - 1))
        if index == self.index:
            return False
        self.index, self.selection, self.size = index, None, None
        return True

    def find(self, start: int, step: int, wanted: Callable[[int], bool]) -> int | None:
        """The first image from `start` on (by steps of 1 or -1) that is wanted; None where there is none."""
        stop = len(self.names) if step > 0 else -1
        return next((index for index in range(start, stop, step) if wanted(index)), None)

    def is_reviewed(self, index: int) -> bool:
        """Whether an image's labels in the active layer are as they should be."""
        return self.layer.document.is_reviewed(self.names[index])

    def narrow(self, wanted: Callable[[str], bool]) -> bool:
        """Shows only the images that are wanted; False (and no change) where there are none."""
        names = [name for name in self.every_name if wanted(name)]
        if not names:
            return False
        here = self.name
        self.names = names
        self.index = names.index(here) if here in names else min(self.index, len(names) - 1)
        if self.name != here:
            self.selection, self.size = None, None
        return True

    def next_layer(self) -> None:
        """The next layer becomes the active one."""
        self.active, self.selection = (self.active + 1) % len(self.layers), None

    def select(self, selection: Selection | None) -> None:
        """Selects a box and a corner, or nothing."""
        self.selection = selection

    def cycle(self) -> None:
        """Tab: top left corner, bottom right corner, next box from top to bottom."""
        order = edits.top_to_bottom(self.boxes)
        if not order:
            self.selection = None
        elif self.selection is None:
            self.selection = Selection(order[0], "top left")
        elif self.selection.corner == "top left":
            self.selection = Selection(self.selection.index)
        else:
            place = (order.index(self.selection.index) + 1) % len(order)
            self.selection = Selection(order[place], "top left")

    def draw(self, start: Point, end: Point) -> bool:
        """A new box, which is selected then; False where it would be too small."""
        box = edits.drawn(start, end, self._size())
        if box is not None:
            self._add([box])
        return box is not None

    def put(self, box: Box) -> None:
        """The selected box becomes another one."""
        if self.selection is not None:
            corner = self.selection.corner
            boxes = [*self.boxes]
            boxes[self.selection.index] = box
            self._change(boxes)
            self.selection = Selection(self._place(box), corner)

    def nudge_corner(self, dx: int, dy: int) -> None:
        """Moves the selected corner by px."""
        if self.selection is not None and self.selected is not None:
            self.put(edits.corner_by(self.selected, self.selection.corner, dx, dy, self._size()))

    def nudge_box(self, dx: int, dy: int) -> None:
        """Moves the selected box by px."""
        if self.selected is not None:
            self.put(edits.moved(self.selected, dx, dy, self._size()))

    def classify(self, number: int) -> str | None:
        """Gives the selected box the class of a key (1 to 15), and says which; None where nothing is selected.

        With a list of classes it is the number-th of it, else the number itself.

        Raises:
            LabelFileError: the list has fewer classes.
        """
        ids = sorted(self.classes)
        if ids and number > len(ids):
            raise LabelFileError(f"there are {len(ids)} classes, and no class {number}")
        cls = ids[number - 1] if ids else number
        if self.selected is None:
            return None
        self.put(self.selected.with_class(cls))
        return f"{cls} {self.classes.get(cls, '')}".strip()

    def delete(self) -> None:
        """Deletes the selected box; else marks the image for deletion, or takes the mark back."""
        if self.selection is None:
            self._mark(self.name not in self.marks)
            return
        boxes = [*self.boxes]
        del boxes[self.selection.index]
        self.selection = None
        self._change(boxes)

    def copy(self) -> bool:
        """Keeps the selected box for `paste`."""
        self.clipboard = self.selected or self.clipboard
        return self.selected is not None

    def paste(self) -> bool:
        """Adds the kept box, moved aside where there is one like it already. False where there is none, or no room."""
        if self.clipboard is None or (box := edits.within(self.clipboard, self._size())) is None:
            return False
        while box in self.boxes:
            aside = edits.moved(box, 10, 10, self._size())
            if aside == box:
                return False
            box = aside
        self._add([box])
        return True

    def suggested(self) -> list[Box]:
        """Boxes of the baseline that no box of the image is already."""
        if self.size is None:
            return []
        found = [edits.within(box, self.size) for box in self.layer.suggestions.boxes(self.name) or ()]
        return [box for box in found if box is not None and all(iou(box, mine) < SAME for mine in self.boxes)]

    def accept(self, boxes: Sequence[Box]) -> None:
        """Suggested boxes become boxes of the image, without their scores; one alone is selected."""
        if boxes:
            self._add([box if box.score is None else box.with_class(None) for box in boxes])
            if len(boxes) > 1:
                self.selection = None

    def review(self, reviewed: bool | None = None) -> None:
        """Says that the image's labels are as they should be, or no longer; None: the other way."""
        state = self.state
        self._put(replace(state, reviewed=not state.reviewed if reviewed is None else reviewed))

    def undo(self) -> str | None:
        """Takes the last action back and goes to its image; None where there is none."""
        step = self.history.undo()
        return self._restore(step, step.before, "undone") if step is not None else None

    def redo(self) -> str | None:
        """Does again what was undone."""
        step = self.history.redo()
        return self._restore(step, step.after, "done again") if step is not None else None

    def save(self) -> None:
        """Writes what has changed."""
        for layer in self.layers:
            layer.document.save(self.all_names)

    def close(self) -> None:
        """Saves, and lets others open the files."""
        self.save()
        self.let_go()

    def let_go(self) -> None:
        """Lets others open the files; what was not saved stays in the journals."""
        for layer in self.layers:
            layer.document.close()

    def _add(self, boxes: Sequence[Box]) -> None:
        self._change([*self.boxes, *boxes])
        self.selection = Selection(self._place(boxes[-1]))

    def _place(self, box: Box) -> int:
        return next(index for index, one in enumerate(self.boxes) if one == box)

    def _size(self) -> Size:
        if self.size is None:
            raise LabelFileError(f"{self.name} is not shown yet; nothing can be drawn on it")
        return self.size

    def _change(self, boxes: Sequence[Box]) -> None:
        self._put(replace(self.state, boxes=in_order(boxes)))

    def _put(self, after: State) -> None:
        before = self.state
        after = replace(after, size=self.size or before.size)
        if (before.boxes, before.reviewed) == (after.boxes, after.reviewed):
            return
        self.layer.document.put(self.name, after)
        self.history.push(Step(self.name, self.active, before, after))

    def _mark(self, marked: bool) -> None:
        self.marks.set(self.name, marked=marked)
        self.history.push(Step(self.name, None, not marked, marked))

    def _restore(self, step: Step, state: State | bool, told: str) -> str:
        if step.name not in self.names:
            self.narrow(lambda _name: True)
        if step.name in self.names:
            self.go(self.names.index(step.name))
        self.selection = None
        if isinstance(state, bool):
            self.marks.set(step.name, marked=state)
            return f"{told}: mark for deletion, {step.name}"
        if step.layer is not None:
            self.active = step.layer
            self.layers[step.layer].document.put(step.name, state)
        return f"{told}: {step.name}"
