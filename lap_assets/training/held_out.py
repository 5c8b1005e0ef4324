"""Which labeled images a training never sees: whole anime, so that what is measured on them is true of others."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.verdicts.lines import mal_id_of
from lap_assets.training.examples import Example

SHARE: Final = 0.2
"""Of the images, at least."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The two parts; no anime is in both, and each has a box to be found."""

    learned: tuple[Example, ...]
    held_out: tuple[Example, ...]


def group_of(name: str) -> str:
    """What an image belongs to: a poster to its anime, another image to its folder, one in no folder to itself."""
    folder, _, file = name.rpartition("/")
    try:
        return f"MAL{mal_id_of(file)}"
    except NameInvalid:
        return folder or name


def parted(examples: Sequence[Example], seed: int) -> Parts:
    """Holds out whole groups in an order that seed and names alone fix, until they are a fifth of the images.

    Where all images lie in one folder (and are not posters), each is a group of its own.

    Raises:
        InputError: the boxes are all of one anime, or all on one image.
    """
    groups: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[group_of(example.name)].append(example)
    if len(groups) == 1 and not next(iter(groups)).startswith("MAL"):
        groups = defaultdict(list, {example.name: [example] for example in examples})
    with_boxes = [key for key, members in groups.items() if any(member.wanted for member in members)]
    if len(with_boxes) < 2:
        raise InputError(
            f"the boxes are all of {with_boxes[0] if with_boxes else 'nothing'}: a training needs images of two anime"
            " or more, one of them to measure on; label another"
        )
    held: list[Example] = []
    learned = set(groups)
    for key in sorted(groups, key=lambda key: _place(seed, key)):
        if len(held) >= SHARE * len(examples) and any(example.wanted for example in held):
            break
        if not any(other in learned and other != key for other in with_boxes):
            continue  # the last one with boxes stays to be learned from
        learned.discard(key)
        held.extend(groups[key])
    rest = [example for key in groups if key in learned for example in groups[key]]
    return Parts(_sorted(rest), _sorted(held))


def _place(seed: int, key: str) -> str:
    return sha256(f"{seed} {key}".encode()).hexdigest()


def _sorted(examples: Sequence[Example]) -> tuple[Example, ...]:
    return tuple(sorted(examples, key=lambda example: example.name))
