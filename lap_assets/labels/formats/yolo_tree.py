"""The images of a YOLO data set and the paths of their labels, in the layouts of ultralytics, Roboflow and labelImg.

Lists are relative to the folder `path` in `data.yaml` (or to the file's own folder if that does not exist); a leading
`../` is dropped if the target does not exist, as in ultralytics. The labels of `…/images/a.jpg` are `…/labels/a.txt`,
or else `a.txt` beside the picture.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import text_of
from lap_assets.core.labels.image_names import portable_name
from lap_assets.labels.annotations import SPLITS, Split, stem_of
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.yolo_text import DATA
from lap_assets.labels.image_sizes import ENDINGS
from lap_assets.labels.reading import Reading
from lap_assets.labels.values import SPLIT_WORDS

_KEYS: Final = {"train": ("train",), "val": ("val", "valid", "validation"), "test": ("test",)}


@dataclass(frozen=True, slots=True)
class Listed:
    """An image of a list. `path`: its file, as in the list; `below`: its path from the data set's folder; `where`: the
    list and its line."""

    path: Path
    below: str
    split: Split | None
    where: str

    @property
    def name(self) -> str:
        """The path below the folder `images`."""
        parts = PurePosixPath(self.below).parts
        indices = _images_in(parts)
        return "/".join(parts[indices[0] + 1 :] if indices else parts)

    def label_files(self) -> list[Path]:
        """Return the possible paths of its labels, most likely first."""
        beside = self.path.with_name(f"{stem_of(self.path.name)}.txt")
        parts = beside.parts
        found = [Path(*parts[:index], "labels", *parts[index + 1 :]) for index in reversed(_images_in(parts))]
        return [*found, beside]


def _images_in(parts: Sequence[str]) -> list[int]:
    """Return the indices of folders named `images` in a path."""
    return [index for index, part in enumerate(parts[:-1]) if part.lower() == "images"]


def listed(data: Mapping[str, Any], file: Path, reading: Reading) -> list[Listed]:
    """Return the images of a `data.yaml`, each once; missing lists and folders are faults."""
    own = file.parent
    named = Path(str(data.get("path") or "."))
    base = next((folder for folder in (own / named, named) if folder.is_dir()), own)
    found: list[Listed] = []
    seen: dict[Path, Split] = {}
    for split in SPLITS:
        for key in _KEYS[split]:
            entries = data.get(key) or []
            for entry in entries if isinstance(entries, list) else [entries]:
                for one in _entry(base, str(entry), split, file, reading):
                    if one.path in seen:
                        reading.faults.add(one.where, f"{one.below} occurs twice ({seen[one.path]} and {split})")
                        continue
                    seen[one.path] = split
                    found.append(one)
    return found


def plain(folder: Path) -> list[Listed]:
    """Return the images of a folder without `data.yaml`; the split comes from a list (darknet's `train.txt`), or from a
    folder in the path named train, valid or test."""
    paths = {path.relative_to(folder).as_posix(): path for path in pictures(folder)}
    in_lists = _splits_by_lists(folder, paths)
    found = []
    for below, path in paths.items():
        splits = [SPLIT_WORDS[part] for part in PurePosixPath(below).parts[:-1] if part in SPLIT_WORDS]
        split = in_lists.get(below) or (splits[0] if splits else None)
        found.append(Listed(path, below, split, str(path)))
    return found


def _splits_by_lists(folder: Path, known: Collection[str]) -> dict[str, Split]:
    """Return the splits of images from the lists named after a split; paths in lists may start in another folder."""
    found: dict[str, Split] = {}
    for path in with_ending(folder, ".txt", deep=False):
        split = SPLIT_WORDS.get(path.stem.lower())
        for line in text_of(path).splitlines() if split is not None else ():
            parts = PurePosixPath(line.strip().replace("\\", "/")).parts
            ends = ("/".join(parts[start:]) for start in range(len(parts)))
            below = next((end for end in ends if end in known), None)
            if below is not None and split is not None:
                found.setdefault(below, split)
    return found


def pictures(folder: Path) -> list[Path]:
    """Return the files below a folder with a picture's ending."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def _entry(base: Path, entry: str, split: Split, file: Path, reading: Reading) -> Iterator[Listed]:
    path = _location(base, entry, file, reading)
    if path is None:
        return
    if path.is_dir():
        for one in pictures(path):
            yield Listed(one, _below(one, base), split, str(path))
    elif path.is_file():
        with reading.faults.at(str(path)):
            for number, line in enumerate(text_of(path).splitlines(), 1):
                text = line.strip().replace("\\", "/")
                if text:
                    one = _picture(text, path.parent, base)
                    yield Listed(one, _below(one, base), split, f"{path}:{number}")
    elif split == "test":
        reading.tally.add("test lists that do not exist", f"{file}: {entry}")
    else:
        reading.faults.add(str(file), f"{entry} does not exist")


def _picture(text: str, folder: Path, base: Path) -> Path:
    """Return the picture of a line of a list in `folder`: relative to `folder` (`./`), the data set's folder or the
    working folder; or, for a path from another machine, below the data set's `images`."""
    plain = text.removeprefix("./")
    first = (folder if text.startswith("./") else base) / plain
    parts = PurePosixPath(plain).parts
    below = parts[_images_in(parts)[0] :] if _images_in(parts) else ()
    candidates = (first, Path(plain), base.joinpath(*below), folder.joinpath(*below))
    found = next((path for path in candidates if path.is_file()), None)
    return found or first


def _location(base: Path, entry: str, file: Path, reading: Reading) -> Path | None:
    """Return the path of a list or folder of images."""
    text = entry.replace("\\", "/")
    if text.startswith("/"):
        return Path(text)
    inside = text.removeprefix("./").rstrip("/")
    without = inside.removeprefix("../")
    with reading.faults.at(str(file)):
        first = base if inside in ("", ".") else base / portable_name(without)
        if not first.exists() and without != inside and (base.parent / without).exists():
            return base.parent / without
        return first
    return None


def _below(path: Path, base: Path) -> str:
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        parts = path.parts
        indices = _images_in(parts)
        return "/".join(parts[indices[-1] :]) if indices else path.name


def data_file(path: Path) -> Path | None:
    """Return the `data.yaml` of a folder (or the file itself); None if the folder has none."""
    if path.is_file() or path.suffix.lower() in (".yaml", ".yml"):
        return path
    if (path / DATA).is_file():
        return path / DATA
    others = sorted({*path.glob("*.yaml"), *path.glob("*.yml")})
    if len(others) > 1:
        raise InputError(f"{path}: several YAML files ({', '.join(one.name for one in others)}); name the one to read")
    return others[0] if others else None
