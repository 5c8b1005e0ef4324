"""Read an unpacked release with one program, as its documentation describes, and write the results.

    python -m tests.readers.reading READER RELEASE ANSWER.json

Runs in the environment of the readers: of LAP, only the stand-ins for torchvision's operators are imported.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

KINDS, SPLITS, SETS = ("faces", "heads"), ("train", "val", "test"), ("reviewed", "classed")
IN_COCO = (*SETS, "regions")


class Answer:
    """A reader's results. `reads`: the kinds of parts it should find (`tests.readers.truth`)."""

    def __init__(self, *reads: str) -> None:
        self.reads = reads
        self.parts: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
        self.sizes: dict[str, tuple[int, int]] = {}
        self.problems: list[str] = []

    def image(self, part: str, name: str, size: tuple[int, int]) -> None:
        """Record an image of a part, after opening its pixels."""
        if name in self.parts.setdefault(part, {}):
            self.problems.append(f"{part}: {name} is there twice")
        self.parts[part][name] = []
        self.sizes[name] = size

    def box(self, part: str, name: str, xywh: Any, category: str) -> None:
        """Record a box of an image."""
        self.parts[part][name].append((*map(float, xywh), category))


def pycocotools(release: Path) -> Answer:
    """Read with `COCO(file)`, and evaluate the file against itself."""
    coco_class, evaluation = import_module("pycocotools.coco").COCO, import_module("pycocotools.cocoeval").COCOeval
    answer = Answer("all", *IN_COCO)
    for part, file in _coco_files(release):
        coco = coco_class(file)
        for image in coco.loadImgs(coco.getImgIds()):
            answer.image(part, image["file_name"], _opened(release / image["file_name"]))
            for one in coco.loadAnns(coco.getAnnIds(imgIds=image["id"])):
                answer.box(part, image["file_name"], one["bbox"], coco.loadCats(one["category_id"])[0]["name"])
        results = [{**one, "score": 1.0} for one in coco.dataset["annotations"]]
        if results:
            judged = evaluation(coco, coco.loadRes(results), "bbox")
            judged.evaluate()
            judged.accumulate()
            judged.summarize()
            if not all(one["iscrowd"] for one in results) and judged.stats[1] < 0.999:
                answer.problems.append(f"{part}: judged by itself, AP50 is {judged.stats[1]}")
    return answer


def datasets(release: Path) -> Answer:
    """Read with `load_dataset(FOLDER, kind)`."""
    library = import_module("datasets")
    answer = Answer("all")
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as cache:
            for split, rows in library.load_dataset(str(release), kind, cache_dir=cache).items():
                names = rows.features["objects"]["category"].feature.names
                paths = rows.cast_column("image", library.Image(decode=False))["image"]
                for row, path in zip(rows, paths, strict=True):
                    name = "/".join(Path(path["path"]).parts[-2:])
                    answer.image(f"{kind} {split}", name, row["image"].size)
                    for box, number in zip(row["objects"]["bbox"], row["objects"]["category"], strict=True):
                        answer.box(f"{kind} {split}", name, box, names[number])
    return answer


def mlcroissant(release: Path) -> Answer:
    """Read with `Dataset(croissant.json)`: pictures (`images`), boxes (`<kind>_boxes`), images of each split."""
    described = import_module("mlcroissant").Dataset(jsonld=str(release / "croissant.json"))
    answer = Answer("all")
    issues = described.metadata.ctx.issues
    answer.problems += [*issues.errors, *issues.warnings]
    pictures = {_text(row["images/name"]): row["images/image"].size for row in described.records("images")}
    for kind in KINDS:
        for split in SPLITS:
            for row in described.records(f"{kind}_{split}"):
                name = _text(row[f"{kind}_{split}/file_name"]).removeprefix("images/")
                answer.image(f"{kind} {split}", name, pictures[name.rpartition("/")[2]])
        for row in described.records(f"{kind}_boxes"):
            one = {key.rpartition("/")[2]: value for key, value in row.items()}
            part = f"{kind} {_text(one['split'])}"
            answer.box(part, _text(one["image"]), one["bbox"], _text(one["category"]))
    return answer


def ultralytics(release: Path) -> Answer:
    """Read each `data.yaml` with `YOLODataset`, configured as in training and validation."""
    os.environ |= {"YOLO_OFFLINE": "True", "YOLO_CONFIG_DIR": tempfile.mkdtemp()}
    _ready_torchvision()
    utils, dataset = import_module("ultralytics.data.utils"), import_module("ultralytics.data.dataset")
    answer = Answer("sure", *SETS)
    for file in sorted((release / "yolo").glob("*/data.yaml")):
        kind, _, subset = file.parent.name.partition("_")
        data = utils.check_det_dataset(str(file), autodownload=False)
        for split in SPLITS:
            if not Path(data[split]).read_text():
                continue
            part = f"{kind} {split} {subset or 'sure'}"
            images = dataset.YOLODataset(img_path=data[split], data=data, task="detect", augment=False, cache=False)
            for one in images.labels:
                height, width = one["shape"]
                name = "/".join(Path(one["im_file"]).parts[-2:])
                answer.image(part, name, (width, height))
                for number, (x, y, w, h) in zip(one["cls"][:, 0], one["bboxes"].astype(float), strict=True):
                    corner = ((x - w / 2) * width, (y - h / 2) * height, w * width, h * height)
                    answer.box(part, name, corner, data["names"][int(number)])
            for cache in file.parent.rglob("*.cache"):
                _, missing, _, corrupt, _ = utils.load_dataset_cache_file(cache)["results"]
                if missing or corrupt:
                    answer.problems.append(f"{part}: {missing} label files missing, {corrupt} images corrupt")
                cache.unlink()
    return answer


def torchvision(release: Path) -> Answer:
    """Read with `CocoDetection(release, file)`."""
    _ready_torchvision()
    dataset_class = import_module("torchvision.datasets").CocoDetection
    answer = Answer("all", *IN_COCO)
    for part, file in _coco_files(release):
        read = dataset_class(str(release), str(file))
        for index, number in enumerate(read.ids):
            picture, target = read[index]
            name = read.coco.loadImgs(number)[0]["file_name"]
            answer.image(part, name, picture.size)
            for one in target:
                answer.box(part, name, one["bbox"], read.coco.loadCats(one["category_id"])[0]["name"])
    return answer


def supervision(release: Path) -> Answer:
    """Read with `DetectionDataset.from_coco`."""
    dataset_class = import_module("supervision").DetectionDataset
    answer = Answer("all", *IN_COCO)
    for part, file in _coco_files(release):
        read = dataset_class.from_coco(images_directory_path=str(release), annotations_path=str(file))
        for path, pixels, found in read:
            name = Path(path).relative_to(release).as_posix()
            answer.image(part, name, (pixels.shape[1], pixels.shape[0]))
            for (x0, y0, x1, y1), number in zip(found.xyxy.tolist(), found.class_id, strict=True):
                answer.box(part, name, (x0, y0, x1 - x0, y1 - y0), read.classes[number])
    return answer


def _coco_files(release: Path) -> Iterator[tuple[str, Path]]:
    """Yield each part and its file."""
    for kind in KINDS:
        for split in SPLITS:
            places = {f"{kind} {split}": f"{kind}_{split}.json"}
            places |= {f"{kind} {split} {subset}": f"{kind}_{subset}_{split}.json" for subset in IN_COCO}
            yield from ((part, release / "coco" / file) for part, file in places.items()
                        if (release / "coco" / file).exists())  # fmt: skip


def _opened(path: Path) -> tuple[int, int]:
    with import_module("PIL.Image").open(path) as picture:
        picture.load()
        width, height = picture.size
    return width, height


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _ready_torchvision() -> None:
    import_module("lap_assets.models.compat").ready_torchvision()


READERS: dict[str, Callable[[Path], Answer]] = {
    "pycocotools": pycocotools, "datasets": datasets, "mlcroissant": mlcroissant, "ultralytics": ultralytics,
    "torchvision": torchvision, "supervision": supervision,
}  # fmt: skip


def main(reader: str, release: Path, target: Path) -> None:
    """Write the answer of a reader."""
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    answer = READERS[reader](release)
    content = {"version": version(reader), "reads": answer.reads, "parts": answer.parts, "sizes": answer.sizes,
            "problems": answer.problems}  # fmt: skip
    target.write_text(json.dumps(content))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
