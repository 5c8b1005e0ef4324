"""Unusual image names: every format keeps a name or rejects it by name; none is changed."""

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import WRITTEN, read_labels, write_labels
from lap_assets.labels.judging import judge_labels
from tests.profiles import examples

SIZE = (60, 80)
ENDINGS = {"coco": ".json", "parquet": ".parquet", "lap": ".txt"}
ODD = (
    "Re:Zero.jpg", "a|b.png", "con.jpg", "a..jpg", "a .jpg", "が.jpg", "が.jpg", "🎀.jpg", "どうする?.jpg", "#1.jpg",
    "Naruto 1.jpg", "a.jpg.jpg", ".jpg", "a", "%20.jpg", "a: 1 2 3 4.jpg", "images/images/a.jpg", "Images/labels/a.jpg",
    "train/a.jpg", "a,b.jpg", '"a".jpg', "<a>&amp;.jpg", "a\u200b\u202eb.jpg", "-.jpg", "~/a.jpg", "1.jpg",
    "É" * 100 + ".jpg",
)  # fmt: skip
letters = st.text(st.sampled_from("aZ1 .:;#%&<>|?*\"'+-_~,が\u3099🎀é\u2028\x85\ufffe\t\\/"), min_size=1, max_size=8)
names = st.sampled_from(ODD) | st.builds("{}{}".format, letters, st.sampled_from([".jpg", ".PNG", ""]))


def labels_of(name: str) -> Annotations | None:
    """Labels of two images, one of that name; None if the name is rejected."""
    box = Box(10, 20, 30, 40)
    try:
        named = LabeledImage(name, *SIZE, (box,), split="val")
    except InputError as error:
        message = str(error)
    else:
        return Annotations((named, LabeledImage("0/other.jpg", *SIZE, split="train")))
    assert repr(name) in message  # the rejected name is in the message
    return None


@pytest.mark.parametrize("form", WRITTEN)
@examples(40)
@given(name=names)
@example(name="Re:Zero.jpg")
@example(name="a .jpg")
@example(name="1.")
def test_names_round_trip(form: str, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    labels = labels_of(name)
    if labels is None or labels.images[0].name == labels.images[1].name:
        return
    folder = tmp_path_factory.mktemp("names")
    for image in labels.images:
        (folder / "pictures" / image.name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", SIZE).save(folder / "pictures" / image.name, "PNG")
    path = folder / f"out{ENDINGS.get(form, '')}"
    try:
        write_labels(labels, path, form, images=folder / "pictures")
    except InputError as error:
        message = str(error)
    else:
        message = ""
    if message:
        assert repr(name.replace("\\", "/")) in message
        return
    back = read_labels(path, form, images=folder / "pictures")
    assert {image.name for image in back.images} == {image.name for image in labels.images}
    for image in back.images:
        assert len(image.boxes) == (0 if image.name == "0/other.jpg" else 1)
        if form != "lap":
            assert image.split == ("train" if image.name == "0/other.jpg" else "val")
    assert not any("left out" in note for note in back.notes)


@pytest.mark.parametrize("name", ["Re:Zero.jpg", "a|b.png", "con.jpg", "0/NUL", "a./b.jpg", "a .x/lpt1.tar.jpg"])
def test_names_invalid_on_windows_are_counted(name: str, tmp_path: Path) -> None:
    kept: dict[str, Any] = {}
    for form in ("coco", "parquet"):
        labels = labels_of(name)
        assert labels is not None
        write_labels(labels, tmp_path / f"a{ENDINGS[form]}", form)
        kept[form] = read_labels(tmp_path / f"a{ENDINGS[form]}")
    for labels in kept.values():
        assert [image.name for image in labels.images] == [name, "0/other.jpg"]
        assert labels.notes[0].startswith("names that are invalid on Windows, kept: 1 (")


@pytest.mark.parametrize("forms", [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_detections_are_judged_whatever_form_of_unicode_their_names_have(forms: tuple[str, str]) -> None:
    true, message = (unicodedata.normalize(form, "ガール é.jpg") for form in forms)  # type: ignore[arg-type]
    box = Box(10, 20, 30, 40)
    truth = Annotations((LabeledImage(true, *SIZE, (box,)),))
    report = judge_labels(truth, Annotations((LabeledImage(message, *SIZE, (replace(box, score=0.5),)),)))
    assert (report.unknown, report.undetected, report.scores.ap50) == (0, 0, 1.0)


@pytest.mark.parametrize(
    "name", [" a.jpg", "a.jpg ", "a /b.jpg", "a\n.jpg", "a\x85.jpg", "C:/a.jpg", "x" * 251, "a\ufffe.jpg"]
)
def test_names_that_no_format_can_keep_are_refused(name: str) -> None:
    assert labels_of(name) is None
