"""The split lists of a VOC folder, `ImageSets/Main/<split>.txt`.

Without `Main`, the lists in `Segmentation`, `Layout` or `ImageSets` itself are used.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from lap_assets.core.labels.faults import text_of
from lap_assets.labels.annotations import SPLITS, Split, stem_of
from lap_assets.labels.any_case import child, with_ending
from lap_assets.labels.image_sizes import ENDINGS
from lap_assets.labels.reading import Reading

_FLAGS: Final = ("1", "0", "-1")  # in the list of one class: the image shows it, shows it with difficulty, or does not
_JOINED: Final = "trainval"
_PICTURES: Final = ("jpegimages", "images")
_FOLDERS: Final = ("Main", "Segmentation", "Layout", ".")


def splits_of(folder: Path, known: Collection[str], reading: Reading) -> dict[str, Split]:
    """Return the split of each stem in `known`. Stems without an annotation are counted.

    Without a list for a split, the lists of single classes (`face_train.txt`) are used instead; images only in
    `trainval.txt` are for training.
    """
    found: dict[str, Split] = {}
    sets = child(folder, "ImageSets")
    folders = [child(sets, name) for name in _FOLDERS]
    main = next((one for one in folders if one.is_dir() and with_ending(one, ".txt", deep=False)), folders[0])
    lists = with_ending(main, ".txt", deep=False) if main.is_dir() else []
    for split in SPLITS:
        own = [path for path in lists if path.stem.lower() == split]
        of_classes = [path for path in lists if path.stem.lower().endswith(f"_{split}")]
        for stem, where in _stems(own or of_classes, known):
            _take(found, stem, split, known, where, reading)
    for stem, where in _stems([path for path in lists if path.stem.lower() == _JOINED], known):
        if stem not in found:
            if stem in known:
                reading.tally.add("images only in trainval.txt, used for training", where)
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
    """Yield each line's stem and location. A trailing number is a flag, unless it belongs to the name; a line may also
    be the path of the picture."""
    for path in paths:
        for number, line in enumerate(text_of(path).splitlines(), 1) if path.exists() else ():
            text = line if line in known else line.strip()
            if not text:
                continue
            first, _, last = text.rpartition(" ")
            is_flagged = text not in known and last in _FLAGS and bool(first.strip())
            yield _known(first.strip() if is_flagged else text, known), f"{path}:{number}"


def _known(text: str, known: Collection[str]) -> str:
    """Return the stem of a line: unchanged, or from a picture's path, without ending and folder of pictures."""
    whole = text.replace("\\", "/")
    stem = stem_of(whole) if Path(whole).suffix.lower() in ENDINGS else whole
    parts = stem.split("/")
    starts = [index + 1 for index, part in enumerate(parts[:-1]) if part.lower() in _PICTURES]
    forms = (text, stem, *("/".join(parts[start:]) for start in starts))
    return next((form for form in forms if form in known), text)
