"""Split of labeled images into learned, choosing and judging parts, by whole anime, so that measurements generalize.

The best of several measurements is biased on the images that chose it, so there are three parts. An anime's part
follows from its id alone: images that judge a model now have not taught an earlier one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.names import mal_id_of
from lap_assets.training.examples import Example

SHARE: Final = 0.15
"""Share of the anime in each of the choosing and judging parts."""

Part = Literal["learned", "choosing", "judging"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts; no anime is in two. Each has a box to be found, or `judging` is empty (two anime with boxes)."""

    learned: tuple[Example, ...]
    choosing: tuple[Example, ...]
    judging: tuple[Example, ...] = ()


def group_of(name: str) -> str:
    """Return the group of an image: the anime of a poster, or else the folder, or else the image itself."""
    folder, _, file = name.rpartition("/")
    try:
        return f"MAL{mal_id_of(file)}"
    except NameInvalid:
        return folder or name


def parted(examples: Sequence[Example]) -> Parts:
    """Split the examples into parts. An anime moves to another part only if that part would otherwise have no box.

    If all images are in one folder (and are not posters), each is a group of its own.

    Raises:
        InputError: the boxes are all of one anime, or all on one image.
    """
    groups: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[group_of(example.name)].append(example)
    if len(groups) == 1 and not next(iter(groups)).startswith("MAL"):
        groups = defaultdict(list, {example.name: [example] for example in examples})
    with_boxes = sorted((key for key, members in groups.items() if any(one.box_count for one in members)), key=_number)
    if len(with_boxes) < 2:
        raise InputError(
            f"all boxes are of {with_boxes[0] if with_boxes else 'nothing'}: training needs labeled images of at least"
            " two anime, one of them to measure on; label another anime"
        )
    part_of = {key: _part(key) for key in groups}
    _fill(part_of, with_boxes)
    if not any(part_of[key] == "judging" for key in with_boxes):
        part_of = {key: "choosing" if part == "judging" else part for key, part in part_of.items()}
    return Parts(*(_members(groups, part_of, part) for part in ("learned", "choosing", "judging")))


def _part(key: str) -> Part:
    number = _number(key)
    return "judging" if number < SHARE else "choosing" if number < 2 * SHARE else "learned"


def _fill(part_of: dict[str, Part], with_boxes: Collection[str]) -> None:
    """Move groups with boxes so that each part has one, if there are enough."""
    least: dict[Part, int] = {"learned": 1, "choosing": 1, "judging": int(len(with_boxes) > 2)}
    for part, count in least.items():
        members = {one: [key for key in with_boxes if part_of[key] == one] for one in least}
        if len(members[part]) < count:
            donor = max(least, key=lambda one: len(members[one]) - least[one])
            part_of[members[donor][0]] = part


def _number(key: str) -> float:
    """Return a number in [0, 1) that depends on the group alone."""
    return int.from_bytes(sha256(f"part {key}".encode()).digest()[:6]) / (1 << 48)


def _members(groups: Mapping[str, Sequence[Example]], part_of: Mapping[str, Part], part: str) -> tuple[Example, ...]:
    found = (example for key, members in groups.items() if part_of[key] == part for example in members)
    return tuple(sorted(found, key=lambda example: example.name))
