"""Comparison of a reader's answer with the release, one line per difference."""

from typing import Any

from tests.readers.truth import SPLITS, Truth

_PX = 0.01  # above the rounding of readers that keep float32 fractions, for boxes of 1,000 px


def differences(found: dict[str, Any], truth: Truth) -> list[str]:
    """Return the differences. `found`: `parts` and `sizes` like `Truth`, and `reads`: kinds of parts to be found."""
    expected = {name for name in truth.parts if _kind_of_part(name) in found["reads"]}
    lines = [f"{name}: not read" for name in sorted(expected - found["parts"].keys())]
    lines += [f"{name}: there is no such part" for name in sorted(found["parts"].keys() - truth.parts.keys())]
    for name in sorted(expected & found["parts"].keys()):
        lines += [f"{name}: {line}" for line in _of_part(found["parts"][name], truth.parts[name])]
    sizes = {image: tuple(size) for image, size in found["sizes"].items()}
    lines += [f"{image}: {size} px, not {truth.sizes.get(image)}" for image, size in sizes.items()
              if size != truth.sizes.get(image)]  # fmt: skip
    return [*lines, *map(str, found["problems"])]


def _kind_of_part(name: str) -> str:
    """Return the kind of a part: `sure` for `faces train sure`, `all` for `faces train`."""
    words = name.split()
    return words[2] if len(words) == 3 else "all" if words[1] in SPLITS else ""


def _of_part(found: dict[str, Any], true: dict[str, Any]) -> list[str]:
    lines = [f"{image} is missing" for image in sorted(true.keys() - found.keys())]
    lines += [f"{image} does not belong there" for image in sorted(found.keys() - true.keys())]
    for image in sorted(true.keys() & found.keys()):
        own, others = found[image], list(true[image])
        for box in own:
            same = next((one for one in others if _is_equal(box, one)), None)
            if same is None:
                lines.append(f"{image} has no box {box}")
            else:
                others.remove(same)
        lines += [f"{image} lacks {box}" for box in others]
    return lines


def _is_equal(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return one[4] == other[4] and all(abs(a - b) <= _PX for a, b in zip(one[:4], other[:4], strict=True))
