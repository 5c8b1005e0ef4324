"""Which labeled images teach, which choose and which judge: whole anime each, so that what is judged is true of others.

The best of several measurements is a little flattering on the images that it was chosen by. So there are three parts,
and an anime's part follows from its id alone: images that judge a model today have not taught an earlier one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.verdicts.lines import mal_id_of
from lap_assets.training.examples import Example

SHARE: Final = 0.15
"""Of the anime, for each of the two parts that do not teach."""

Part = Literal["learned", "choosing", "judging"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts; no anime is in two. `learned` and `choosing` have a box to be found; so has `judging`, or it is
    empty (where only two anime have boxes).
    """

    learned: tuple[Example, ...]
    choosing: tuple[Example, ...]
    judging: tuple[Example, ...] = ()


def group_of(name: str) -> str:
    """What an image belongs to: a poster to its anime, another image to its folder, one in no folder to itself."""
    folder, _, file = name.rpartition("/")
    try:
        return f"MAL{mal_id_of(file)}"
    except NameInvalid:
        return folder or name


def parted(examples: Sequence[Example]) -> Parts:
    """Return the parts of these examples. An anime changes its part only where a part would have no box without it.

    Where all images lie in one folder (and are not posters), each is a group of its own.

    Raises:
        InputError: the boxes are all of one anime, or all on one image.
    """
    groups: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[group_of(example.name)].append(example)
    if len(groups) == 1 and not next(iter(groups)).startswith("MAL"):
        groups = defaultdict(list, {example.name: [example] for example in examples})
    with_boxes = sorted((key for key, members in groups.items() if any(one.wanted for one in members)), key=_place)
    if len(with_boxes) < 2:
        raise InputError(
            f"the boxes are all of {with_boxes[0] if with_boxes else 'nothing'}: a training needs images of two anime"
            " or more, one of them to measure on; label another"
        )
    part_of = {key: _part(key) for key in groups}
    _fill(part_of, with_boxes)
    if not any(part_of[key] == "judging" for key in with_boxes):
        part_of = {key: "choosing" if part == "judging" else part for key, part in part_of.items()}
    return Parts(*(_members(groups, part_of, part) for part in ("learned", "choosing", "judging")))


def _part(key: str) -> Part:
    place = _place(key)
    return "judging" if place < SHARE else "choosing" if place < 2 * SHARE else "learned"


def _fill(part_of: dict[str, Part], with_boxes: Collection[str]) -> None:
    """Move groups with boxes, so that each part has one where there are enough of them."""
    least: dict[Part, int] = {"learned": 1, "choosing": 1, "judging": int(len(with_boxes) > 2)}
    for part, wanted in least.items():
        members = {one: [key for key in with_boxes if part_of[key] == one] for one in least}
        if len(members[part]) < wanted:
            donor = max(least, key=lambda one: len(members[one]) - least[one])
            part_of[members[donor][0]] = part


def _place(key: str) -> float:
    """Return a number in [0, 1) that follows from the group alone."""
    return int.from_bytes(sha256(f"part {key}".encode()).digest()[:6]) / (1 << 48)


def _members(groups: Mapping[str, Sequence[Example]], part_of: Mapping[str, Part], part: str) -> tuple[Example, ...]:
    found = (example for key, members in groups.items() if part_of[key] == part for example in members)
    return tuple(sorted(found, key=lambda example: example.name))
