"""A weight file is only used if it is the right one, and is not read repeatedly."""

import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lap_assets.core.errors import WeightsError
from lap_assets.models.spec_types import WeightFile
from lap_assets.models.weights import (
    current_sha256,
    find_weights,
    recorded_sha256,
    verify_weights,
    weight_file,
    weights_state,
)

CONTENT = b"\0\1numbers"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PUBLISHED = WeightFile("small", "small.weights", "https://example.org/small", 1, "MIT", "tests", SHA256, (9,))
UNPUBLISHED = replace(PUBLISHED, sha256=None, sizes=())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.weights"
    path.write_bytes(CONTENT)
    return path


def test_a_missing_file_is_named_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"small\.weights is missing: download it with `lap weights fetch small`"):
        weight_file(PUBLISHED, tmp_path)
    assert weights_state(PUBLISHED, tmp_path).state == verify_weights(PUBLISHED, tmp_path).state == "missing"


def test_unknown_files_list_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'large'; expected one of: small"):
        find_weights("large", [PUBLISHED])


@pytest.mark.parametrize(("entry", "state"), [(PUBLISHED, "right"), (UNPUBLISHED, "recorded")])
def test_a_manually_saved_file_works(path: Path, entry: WeightFile, state: str) -> None:
    assert weights_state(entry, path.parent).state == "not read yet"
    assert weight_file(entry, path.parent) == path
    assert weights_state(entry, path.parent).state == verify_weights(entry, path.parent).state == state


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (CONTENT[:-1], "has 8 bytes, expected 9"),
        (b"\0\1numberz", "has sha256"),
        (b"", "is empty"),
        (b"<html>no", "is a web page"),
    ],
)
def test_a_wrong_file_is_refused_by_name_with_what_to_do(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=rf"small\.weights {message}.*again with `lap weights fetch small`"):
        weight_file(PUBLISHED, path.parent)
    standing = verify_weights(PUBLISHED, path.parent)
    assert standing.state == "wrong"
    assert message in str(standing.problem)


def test_a_cut_archive_is_never_recorded(path: Path) -> None:
    whole = io.BytesIO()
    torch.save({"weight": torch.zeros(100)}, whole)
    path.write_bytes(whole.getvalue()[:-60])
    with pytest.raises(WeightsError, match="is cut short"):
        weight_file(UNPUBLISHED, path.parent)
    assert not (path.parent / "recorded.json").exists()


def test_it_is_only_read_again_if_it_changed(path: Path) -> None:
    weight_file(PUBLISHED, path.parent)
    touched = path.stat()
    path.write_bytes(b"\0\1numberz")
    os.utime(path, ns=(touched.st_atime_ns, touched.st_mtime_ns))
    assert weight_file(PUBLISHED, path.parent) == path  # unknown without reading it
    assert verify_weights(PUBLISHED, path.parent).state == "wrong"  # which this does
    os.utime(path, ns=(0, 0))
    with pytest.raises(WeightsError, match="has sha256"):
        weight_file(PUBLISHED, path.parent)


def test_the_first_file_of_an_unpublished_sha256_counts(path: Path) -> None:
    weight_file(UNPUBLISHED, path.parent)
    path.write_bytes(b"another")
    with pytest.raises(WeightsError, match=rf"the first file here had {SHA256}; .*recorded\.json"):
        weight_file(UNPUBLISHED, path.parent)
    assert recorded_sha256("small.weights", path.parent) == SHA256
    assert current_sha256("small.weights", path.parent) == hashlib.sha256(b"another").hexdigest()


@pytest.mark.parametrize("content", ["{", "[1]", '{"small.weights": {"sha256": 5}}', '{"small.weights": null}'])
def test_a_record_that_cannot_be_read_is_named(path: Path, content: str) -> None:
    (path.parent / "recorded.json").write_text(content)
    with pytest.raises(WeightsError, match=r"recorded\.json cannot be read .* delete it"):
        weight_file(PUBLISHED, path.parent)


def test_no_file_has_no_sha256(tmp_path: Path) -> None:
    assert recorded_sha256("no", tmp_path) is current_sha256("no", tmp_path) is None
