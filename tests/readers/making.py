"""A release as users get it: a demo's, with a person's labels, packed and unpacked elsewhere."""

import tarfile
from pathlib import Path

from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.files import CLASSES, LABEL_FILES, LABEL_KINDS, reviewed_path
from lap_assets.core.labels.lists import ReviewEntry, write_reviewed
from lap_assets.labels.formats import read_labels
from tests.support import DEMO, started


def unpacked_release(folder: Path) -> Path:
    """Create a demo with labels in `folder`, and return the folder of its unpacked release."""
    home = folder / "home"
    _lap("demo", *DEMO, folder=folder, home=home)
    label(home, home / "release" / "v0001")
    _lap("refresh", folder=folder, home=home)
    archives = folder / "archives"
    _lap("release", "pack", str(home / "release" / "v0002"), "--out", str(archives), folder=folder, home=home)
    for archive in sorted(archives.glob("*.tar*"), key=lambda path: "-images" not in path.name):
        with tarfile.open(archive) as tar:
            tar.extractall(folder / "elsewhere", filter="data")
    return folder / "elsewhere" / "v0002"


def label(home: Path, release: Path) -> None:
    """Review every second image of a home; in every fourth, boxes get classes in rotation."""
    review = Home(home).labels
    for kind in LABEL_KINDS:
        images = read_labels(release / "coco" / f"{kind}.json").images[::2]
        boxes = {}
        for number, image in enumerate(images):
            classes = (number + index for index in range(len(image.boxes)))
            boxes[image.name] = [box.with_class(1 + next(classes) % 3 if number % 2 else None) for box in image.boxes]
        path = review / LABEL_FILES[kind]
        lap_format.write(path, boxes)
        write_reviewed(reviewed_path(path), {image.name: ReviewEntry(True, image.size) for image in images})
    (review / CLASSES).write_text("1:boy\n2:girl\n3:fantasy creature\n")


def _lap(*arguments: str, folder: Path, home: Path) -> None:
    ended = started(*arguments, folder=folder, LAP_HOME=home)
    if ended.returncode:
        raise SystemExit(f"lap {' '.join(arguments)} ended with status {ended.returncode}:\n{ended.stderr}")
