"""A release as users load it: each format by its own reader, if installed, with the same boxes."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.labels.annotations import SPLITS, Split
from lap_assets.labels.formats import read_labels

PERSON, MACHINE = Box(10, 10, 30, 40, 2), Box(10.25, 10, 30, 70, score=0.75)
FIRST = "0/MAL00005_0005_000005.jpg"


def tables(release: Path) -> dict[Split, Path]:
    """The tables of faces, for splits with images."""
    paths = {split: release / "parquet" / "faces" / split / "metadata.parquet" for split in SPLITS}
    return {split: path for split, path in paths.items() if path.exists()}


def boxes_of(path: Path, *, plain: bool = False) -> dict[str, tuple[Box, ...]]:
    """Boxes by image; `plain`: without what YOLO cannot represent."""
    labels = read_labels(path)
    return {
        image.name: tuple(Box(*box.corners, class_id=box.class_id) if plain else box for box in image.boxes)
        for image in labels.images
    }


def test_every_format_has_the_same_boxes(small_release: Path) -> None:
    expected = boxes_of(small_release / "coco" / "faces.json")
    assert expected[FIRST] == (PERSON,)
    assert {boxes for name, boxes in expected.items() if name != FIRST} == {(MACHINE,)}
    assert len(expected) == 8
    assert boxes_of(small_release / "voc" / "faces") == expected
    for parts in (
        [boxes_of(small_release / "coco" / f"faces_{split}.json") for split in SPLITS],
        [boxes_of(path) for path in tables(small_release).values()],
    ):
        assert {name: boxes for part in parts for name, boxes in part.items()} == expected
        assert sum(map(len, parts)) == len(expected)
    plain = boxes_of(small_release / "coco" / "faces.json", plain=True)
    assert boxes_of(small_release / "yolo" / "faces", plain=True) == plain


def test_the_seeds_files_are_in_its_formats(small_release: Path) -> None:
    lines = (small_release / "labels_faces_baseline.txt").read_text().splitlines()
    assert lines[0] == r"0\MAL00005_0005_000005.jpg: 10 10 30 70 0.75"
    assert len(lines) == 8
    assert (small_release / "labels_faces.txt").read_text() == "0\\MAL00005_0005_000005.jpg: 10 10 30 40 2\n"
    assert (small_release / "classes.txt").read_text() == "1:boy\n2:girl\n"
    for name in ("labels_heads.txt", "labels_heads_baseline_10000.txt", "delcands.txt"):
        assert (small_release / name).read_text() == ""
    (people,) = read_labels(small_release / "labels_faces.txt", images=small_release).images
    assert (people.boxes, people.reviewed, people.size) == ((PERSON,), True, (60, 80))


def test_pycocotools_loads_all_images_and_categories(small_release: Path) -> None:
    coco = pytest.importorskip("pycocotools.coco").COCO(small_release / "coco" / "faces.json")
    assert [one["name"] for one in coco.loadCats(coco.getCatIds())] == ["face", "boy", "girl"]
    assert len(coco.getImgIds()) == 8
    (image,) = (one for one in coco.loadImgs(coco.getImgIds()) if one["file_name"] == FIRST)
    (annotation,) = coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
    assert annotation["bbox"] == [10, 10, 20, 30]
    assert (annotation["category_id"], annotation["iscrowd"], annotation["ignore"]) == (2, 0, 0)
    assert (small_release / image["file_name"]).exists()


def test_yolo_is_laid_out_as_ultralytics_looks_for_it(small_release: Path) -> None:
    """Read like `check_det_dataset` and `img2label_paths`: lists beside data.yaml, `./` its folder, images → labels."""
    folder = small_release / "yolo" / "faces"
    content = yaml.safe_load((folder / "data.yaml").read_text())
    assert content["names"] == {0: "face", 1: "boy", 2: "girl"}
    found = 0
    for split in SPLITS:
        for line in (folder / content[split]).read_text().splitlines():
            image = line.replace("./", f"{folder}/", 1)
            label = Path("/labels/".join(image.rsplit("/images/", 1)).rsplit(".", 1)[0] + ".txt")
            with Image.open(image) as picture:
                assert picture.size == (60, 80)
            for row in label.read_text().splitlines():
                number, *shares = row.split()
                assert int(number) in content["names"]
                assert all(0 <= float(share) <= 1 for share in shares)
                assert len(shares) == 4
                found += 1
    assert found == 8


def test_voc_is_laid_out_as_torchvision_looks_for_it(small_release: Path) -> None:
    """Read like `VOCDetection`: stems from ImageSets, each with a picture and an annotation."""
    folder = small_release / "voc" / "faces"
    stems = [stem for split in SPLITS for stem in (folder / "ImageSets/Main" / f"{split}.txt").read_text().splitlines()]
    assert len(stems) == 8
    for stem in stems:
        assert (folder / "JPEGImages" / f"{stem}.jpg").exists()
        root = ET.parse(folder / "Annotations" / f"{stem}.xml").getroot()
        assert {one.tag for one in root.iter("bndbox")} == {"bndbox"}
        assert root.findtext("filename") == f"{stem.rpartition('/')[2]}.jpg"


def test_datasets_loads_images_and_boxes(small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets: Any = pytest.importorskip("datasets")
    files = {split: str(path) for split, path in tables(small_release).items()}
    loaded = datasets.load_dataset("imagefolder", data_files=files, cache_dir=str(tmp_path))
    rows = [row for split in loaded for row in loaded[split]]
    assert len(rows) == 8
    assert {row["image"].size for row in rows} == {(60, 80)}
    assert sorted(row["objects"]["bbox"][0] for row in rows) == [[10, 10, 20, 30], *[[10.25, 10, 19.75, 60]] * 7]
    by_name = datasets.load_dataset(str(small_release), "faces", cache_dir=str(tmp_path))
    assert sum(map(len, by_name.values())) == 8
    for rows_of_split in by_name.values():
        assert {row["image"].size for row in rows_of_split} == {(60, 80)}
        names = rows_of_split.features["objects"]["category"].feature.names
        assert names == ["face", "boy", "girl"]


def test_mlcroissant_finds_nothing_wrong_and_reads_the_tables(
    small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    croissant: Any = pytest.importorskip("mlcroissant")
    described = croissant.Dataset(jsonld=str(small_release / "croissant.json"))
    assert described.metadata.ctx.issues.errors == set()
    assert described.metadata.ctx.issues.warnings == set()
    rows = [row for split in tables(small_release) for row in described.records(record_set=f"faces_{split}")]
    assert len(rows) == 8
    assert len(list(described.records(record_set="manifest"))) == 8


def test_the_card_has_front_matter_for_what_is_present(small_release: Path) -> None:
    _, head, body = (small_release / "README.md").read_text().split("---\n", 2)
    content = yaml.safe_load(head)
    assert content["task_categories"] == ["object-detection"]
    assert [config["config_name"] for config in content["configs"]] == ["faces"]
    found = 0
    for file in content["configs"][0]["data_files"]:
        paths = [path for path in small_release.glob(f"{file['path']}/*") if path.is_file()]
        suffixes = [path.suffix for path in paths]
        assert (suffixes.count(".parquet"), {*suffixes}) == (1, {".parquet", ".jpg"})
        table = next(path for path in paths if path.suffix == ".parquet")
        names = {image.name for image in read_labels(table).images}
        pictures = {path.relative_to(table.parent / "images").as_posix() for path in paths if path != table}
        assert pictures == names
        found += len(names)
    assert found == 8
    assert "Annotations: CC BY 4.0." in body
    assert "| refined | True | 1 | 1 |" in body


def test_the_manifest_lists_source_and_labels_of_each_image(small_release: Path) -> None:
    with (small_release / "manifest.csv").open() as opened:
        rows = {row["name"]: row for row in csv.DictReader(opened)}
    first, second = rows["MAL00005_0005_000005.jpg"], rows["MAL00006_0006_000006.jpg"]
    assert (first["fetched"], first["url"]) == ("2024-05-06", "https://cdn.myanimelist.net/images/anime/5/5l.jpg")
    assert [first[f"faces{part}"] for part in ("", "_tier", "_reviewed", "_model")] == ["1", "refined", "true", ""]
    content = [second[f"faces{part}"] for part in ("", "_tier", "_reviewed", "_model")]
    assert content == ["1", "machine", "false", "tiny 1"]
    assert {row["heads"] for row in rows.values()} == {""}
    assert json.loads((small_release / "provenance.json").read_text())["models"] == {
        "faces": ["tiny 1"],
        "heads": ["tiny 1"],
    }


def test_the_tables_describe_their_columns_for_datasets(small_release: Path) -> None:
    """Read like `Features.from_arrow_schema`: a column's description counts if its type matches the column."""
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    types = {"float64": pa.float64(), "int32": pa.int32(), "string": pa.string(), "bool": pa.bool_()}

    def arrow(feature: dict[str, Any]) -> Any:
        if "_type" not in feature:
            return pa.struct([(name, arrow(one)) for name, one in feature.items()])
        if feature["_type"] == "List":
            return pa.list_(arrow(feature["feature"]))
        return pa.int64() if feature["_type"] == "ClassLabel" else types[feature["dtype"]]

    for path in tables(small_release).values():
        schema = pq.read_schema(path)
        features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
        assert {field.name: field.type for field in schema} == {name: arrow(one) for name, one in features.items()}
        assert features["objects"]["category"]["feature"]["names"] == ["face", "boy", "girl"]
