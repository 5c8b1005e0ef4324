"""Darknet's cfg files: parsing, and one-line errors."""

import pytest

from lap_assets.core.errors import CfgError
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.layout import yolov3


def test_sections_options_comments() -> None:
    blocks = parse_cfg("# hi\n[net]\nwidth = 64 ; px\n\n[convolutional]\nfilters=8\nanchors=1,2.5,  3\n")
    assert [block.section for block in blocks] == ["net", "convolutional"]
    assert blocks[0].integer("width") == 64
    assert blocks[1].integer("stride", 2) == 2
    assert blocks[1].floats("anchors") == [1, 2.5, 3]
    assert blocks[1].line == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "heads.cfg, line 1: expected [net] as the first section"),
        ("[convolutional]\nfilters=1", "heads.cfg, line 1: expected [net] as the first section"),
        ("width=3\n[net]", "heads.cfg, line 1: width is before the first [section]"),
        ("[net]\nwidth", "heads.cfg, line 2: expected [section] or key=value: width"),
        ("[net]\n[net]", "heads.cfg, line 2: a second [net]"),
        ("[net]\n\n[dropout]\n", "heads.cfg, line 3: [dropout] is not one of [net], [convolutional]"),
        ("[net]\n[yolo\n", "heads.cfg, line 2: [yolo is not one of"),
    ],
)
def test_invalid_cfgs_are_named(text: str, message: str) -> None:
    with pytest.raises(CfgError) as caught:
        parse_cfg(text, "heads.cfg")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_options_of_the_wrong_kind_name_their_line() -> None:
    block = parse_cfg("[net]\nwidth=wide\nmask=1,2\nanchors=a")[0]
    for read, message in (
        (lambda: block.integer("width"), "cfg, line 2: width=wide: expected whole numbers"),
        (lambda: block.integer("mask"), "cfg, line 3: mask=1,2: expected 1 whole number"),
        (lambda: block.floats("anchors"), "cfg, line 4: anchors=a: expected numbers"),
        (lambda: block.text("height"), "cfg, line 1: [net] has no height"),
    ):
        with pytest.raises(CfgError) as caught:
            read()
        assert str(caught.value) == message


def test_yolov3_follows_the_paper() -> None:
    blocks = parse_cfg(yolov3(classes=1, size=608))
    sections = [block.section for block in blocks]
    assert (sections.count("convolutional"), sections.count("shortcut"), sections.count("yolo")) == (75, 23, 3)
    assert [block.text("mask") for block in blocks if block.section == "yolo"] == ["6,7,8", "3,4,5", "0,1,2"]
    before = [blocks[place - 1].integer("filters") for place, section in enumerate(sections) if section == "yolo"]
    assert before == [18, 18, 18]
