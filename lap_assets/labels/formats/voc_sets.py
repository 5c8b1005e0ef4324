"""The lists of a VOC folder, `ImageSets/Main/<split>.txt`: which image is in which split."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from lap_assets.core.labels.faults import text_of
from lap_assets.labels.annotations import SPLITS, Split
from lap_assets.labels.reading import Reading

_FLAGS: Final = ("1", "0", "-1")  # of a class's own list: it is on the image, difficult, or not on it
_JOINED: Final = "trainval"


def splits_of(folder: Path, known: Collection[str], reading: Reading) -> dict[str, Split]:
    """The split of each stem in `known`. Stems without an annotation are counted.

    Where there is no list for a split, lists of single classes (`face_train.txt`) stand in for it; what is in
    `trainval.txt` alone is for training.
    """
    found: dict[str, Split] = {}
    main = folder / "ImageSets" / "Main"
    for split in SPLITS:
        own = main / f"{split}.txt"
        lists = [own] if own.exists() else sorted(main.glob(f"*_{split}.txt"))
        for stem, where in _stems([path for path in lists if not path.stem.endswith(_JOINED)], known):
            _take(found, stem, split, known, where, reading)
    for stem, where in _stems([main / f"{_JOINED}.txt"], known):
        if stem not in found:
            if stem in known:
                reading.tally.add("images of trainval.txt alone, taken for training", where)
            _take(found, stem, "train", known, where, reading)
    return found


def _take(
    found: dict[str, Split], stem: str, split: Split, known: Collection[str], where: str, reading: Reading
) -> None:
    if stem not in known:
        reading.tally.add("images in ImageSets without an annotation left out", where)
    elif found.setdefault(stem, split) != split:
        reading.faults.add(where, f"{stem} is in {split} and in {found[stem]}")


def _stems(paths: list[Path], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each line's stem and place. A number after it is a flag, unless the name itself ends so."""
    for path in paths:
        for number, line in enumerate(text_of(path).splitlines(), 1) if path.exists() else ():
            text = line.strip()
            if not text:
                continue
            first, _, last = text.rpartition(" ")
            is_flagged = text not in known and last in _FLAGS and bool(first.strip())
            yield (first.strip() if is_flagged else text), f"{path}:{number}"
