"""A person's position in a labeling session: images, layer, selected box. Edits nothing.

`session` has the edits: a session is a position that can change labels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_gui.labeler.edits import Size, top_to_bottom
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.marks import Marks
from lap_gui.labeler.parts import BoxSelection, Layer


@dataclass(slots=True)
class Position:
    """An image of a folder, a layer and a selected box.

    `all_names`: the images of the folder; `every_name`: those of this session; `names`: those that the filter shows.
    """

    root: Path
    every_name: Sequence[str]
    all_names: Sequence[str]
    layers: Sequence[Layer]
    marks: Marks
    classes: Mapping[int, str]
    index: int = 0
    active: int = 0
    selection: BoxSelection | None = None
    names: Sequence[str] = ()
    size: Size | None = None
    """Size of the current image in px; None while it is unknown, and then nothing can be edited."""

    def __post_init__(self) -> None:
        self.names = self.names or self.every_name

    @property
    def name(self) -> str:
        """The current image."""
        return self.names[self.index]

    @property
    def path(self) -> Path:
        """The current image's file."""
        return self.root / self.name

    @property
    def layer(self) -> Layer:
        """The active layer."""
        return self.layers[self.active]

    @property
    def labels(self) -> ImageLabels:
        """The labels of the current image in the active layer."""
        return self.layer.document.labels_of(self.name)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The current image's boxes."""
        return self.labels.boxes

    @property
    def boxes_of_other_layers(self) -> list[Box]:
        """The current image's boxes in the inactive layers."""
        inactive = (layer for index, layer in enumerate(self.layers) if index != self.active)
        return [box for layer in inactive for box in layer.document.labels_of(self.name).boxes]

    @property
    def selected(self) -> Box | None:
        """The selected box."""
        return self.boxes[self.selection.index] if self.selection is not None else None

    def index_of(self, box: Box) -> int:
        """Return the index of a box of the current image."""
        return next(index for index, one in enumerate(self.boxes) if one == box)

    def known_size(self) -> Size:
        """Return the current image's size.

        Raises:
            InputError: it is not known yet.
        """
        if self.size is None:
            raise InputError(f"{self.name} is not shown yet, so it cannot be edited")
        return self.size

    def go(self, index: int) -> bool:
        """Go to another image and clear the selection, so that no key acts on a box of another image.

        Returns whether the image changed.
        """
        index = max(0, min(index, len(self.names) - 1))
        if index == self.index:
            return False
        self.index, self.selection, self.size = index, None, None
        return True

    def find(self, start: int, step: int, wanted: Callable[[int], bool]) -> int | None:
        """Return the first wanted image from `start` on, in steps of 1 or -1; None if there is none."""
        stop = len(self.names) if step > 0 else -1
        return next((index for index in range(start, stop, step) if wanted(index)), None)

    def is_reviewed(self, index: int) -> bool:
        """Return whether an image was reviewed in the active layer."""
        return self.layer.document.is_reviewed(self.names[index])

    def narrow(self, wanted: Callable[[str], bool]) -> bool:
        """Show only the wanted images. Returns False, and changes nothing, if there are none."""
        here = self.name
        names, before = [], 0
        is_before = True
        for name in self.every_name:
            is_before = is_before and name != here
            if wanted(name):
                names.append(name)
                before += is_before
        if not names:
            return False
        self.names = names
        self.index = min(before, len(names) - 1)  # here, or the next one that is wanted
        if self.name != here:
            self.selection, self.size = None, None
        return True

    def next_layer(self) -> None:
        """Makes the next layer the active one."""
        self.active, self.selection = (self.active + 1) % len(self.layers), None

    def class_of(self, number: int) -> int:
        """Return the class of a key (1 to 15): the number-th of a list of classes; without a list, the number itself.

        Raises:
            InputError: the list has fewer classes.
        """
        ids = sorted(self.classes)
        if ids and number > len(ids):
            raise InputError(f"no class {number}: the list has {len(ids)} classes; add a line `id:name` to it")
        return ids[number - 1] if ids else number

    def select(self, selection: BoxSelection | None) -> None:
        """Select a box and one of its grips, or nothing."""
        self.selection = selection

    def cycle(self) -> None:
        """Select, as Tab does, a box's top left corner, its bottom right corner, or the next box from top to bottom.

        From any other grip, the top left corner comes first.
        """
        order = top_to_bottom(self.boxes)
        if not order:
            self.selection = None
        elif self.selection is None:
            self.selection = BoxSelection(order[0], "top left")
        elif self.selection.grip == "top left":
            self.selection = BoxSelection(self.selection.index)
        elif self.selection.grip != "bottom right":
            self.selection = BoxSelection(self.selection.index, "top left")
        else:
            following = (order.index(self.selection.index) + 1) % len(order)
            self.selection = BoxSelection(order[following], "top left")
