"""Targets for label files of other tools, with conditions on what is read from them."""

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PIL import Image

from lap_assets.core.box import LARGEST_CLASS
from lap_assets.core.errors import LabelFileError
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats import read_labels
from tests.fuzz.target import RefusedInput, Target, scratch_folder

_COCO: Final = {
    "images": [{"id": 4, "file_name": "0/a.jpg", "width": 100, "height": 50}],
    "annotations": [{"id": 1, "image_id": 4, "category_id": 1, "bbox": [1, 2, 30.5, 40], "area": 1220, "iscrowd": 0}],
    "categories": [{"id": 1, "name": "face"}],
}
_VOC: Final = """<annotation><folder>0</folder><filename>a.jpg</filename>
<size><width>100</width><height>50</height><depth>3</depth></size>
<object><name>face</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>30</xmax><ymax>40</ymax>
</bndbox></object></annotation>"""
_CVAT: Final = """<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version><meta><task><labels><label>
<name>face</name></label></labels></task></meta><image id="4" name="0/a.jpg" width="100" height="50" subset="train">
<box label="face" xtl="1.5" ytl="2" xbr="30" ybr="40" rotation="20"><attribute name="eye">closed</attribute></box>
<polygon label="face" points="1,2;9,3;5,20"/></image></annotations>"""
_STUDIO_BOX: Final = {
    "type": "rectanglelabels", "original_width": 100, "original_height": 50,
    "value": {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 5, "rectanglelabels": ["face"]},
}  # fmt: skip
_STUDIO: Final = [{"id": 1, "data": {"image": "/data/a.jpg"}, "annotations": [{"result": [_STUDIO_BOX]}]}]
_LABELME: Final = {
    "version": "5", "imagePath": "a.jpg", "imageHeight": 50, "imageWidth": 100,
    "shapes": [{"label": "face", "points": [[1, 2], [30, 40]], "shape_type": "rectangle"}],
}  # fmt: skip
_TURKS_BOX: Final = {
    "label": ["Face"], "points": [{"x": 0.1, "y": 0.2}, {"x": 0.4, "y": 0.6}], "imageWidth": 100, "imageHeight": 50,
}  # fmt: skip
_MANGA: Final = (
    '<book title="Book"><characters/><pages><page index="3" width="100" height="50">'
    '<face id="1" xmin="1" ymin="2" xmax="30" ymax="40" character="c"/></page></pages></book>'
)
_SEEDS: Final[Mapping[str, tuple[str, str]]] = {
    "coco": ("a.json", json.dumps(_COCO)),
    "voc": ("a.xml", _VOC),
    "cvat": ("a.xml", _CVAT),
    "labelstudio": ("a.json", json.dumps(_STUDIO)),
    "labelme": ("a.json", json.dumps(_LABELME)),
    "dataturks": ("a.json", json.dumps({"content": "a.jpg", "annotation": [_TURKS_BOX]})),
    "icartoonface": ("a.csv", "name,xmin,ymin,xmax,ymax\na.jpg,10,20,30,40,face,0.75\n"),
    "retinaface": ("a.txt", "# 0/a.jpg\n10 10 20 30 12 13 0.0 15 13 0.0 13 15 0.0 12 17 0.0 15 17 0.0 0.82\n"),
    "wider": ("a.txt", "0--Parade/a.jpg\n2\n10 10 20 30 0 0 0 0 0 0\n1 1 0 5 0 0 0 1 0 0\n"),
    "manga109": ("a.xml", _MANGA),
}


def _reader(name: str, file: str) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        path = Path(scratch_folder()) / file
        path.write_bytes(data)
        try:
            labels = read_labels(path, name, images=_pictures())
        except LabelFileError:
            raise RefusedInput from None
        _check(labels)

    return read


@cache
def _pictures() -> Path:
    """Return a folder with the pictures that the seeds name, for formats without sizes."""
    folder = Path(scratch_folder()) / "pictures"
    for name in ("a.jpg", "0/a.jpg", "0--Parade/a.jpg", "Book/003.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (100, 50)).save(folder / name)
    return folder


def _check(labels: Annotations) -> None:
    """Check that everything after the reader can hold what it returns."""
    for image in labels.images:
        assert not image.name.startswith("/")
        assert ".." not in image.name.replace("\\", "/").split("/")
        assert image.size is None or min(image.size) > 0
        assert all(math.isfinite(edge) for box in image.boxes for edge in box.corners)
        assert all(box.class_id is None or 0 <= box.class_id <= LARGEST_CLASS for box in image.boxes)


def _target(name: str, file: str, text: str) -> Target:
    return Target(_reader(name, file), lambda: [text.encode()])


CHEAP: Final[Mapping[str, Target]] = MappingProxyType(
    {name: _target(name, file, text) for name, (file, text) in _SEEDS.items()}
)
