"""A model's version changes when the model or its weights change, and costs nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from lap_assets.models.registry import REGISTRY, registered
from lap_assets.models.versions import Kind, check_name, known_names, model_version, weights_needed

KINDS: tuple[Kind, ...] = ("embedder", "faces", "heads", "upscaler")


def test_every_model_has_its_own_version(tmp_path: Path) -> None:
    for kind in KINDS:
        versions = [model_version(kind, name.replace("NAME", "vit_tiny"), tmp_path) for name in known_names(kind)]
        assert len(set(versions)) == len(versions)
        assert versions[-1] == "none"


def test_every_registered_file_is_some_models() -> None:
    needed = {weights_needed(kind, name) for kind in KINDS for name in known_names(kind)}
    assert needed - {None} == {entry.key for entry in REGISTRY}


def test_an_unpublished_file_changes_it_once_it_is_there(tmp_path: Path) -> None:
    def version() -> str:
        return model_version("embedder", "sscd", tmp_path)

    assert version().endswith("unrecorded")
    path = tmp_path / registered("sscd").file
    path.write_bytes(b"first")
    first = version()
    assert not first.endswith("unrecorded")
    path.unlink()
    assert version() == first


def test_a_file_of_timms_may_be_exchanged(tmp_path: Path) -> None:
    path = tmp_path / "timm" / "vit_tiny.safetensors"
    path.parent.mkdir()
    seen = [model_version("embedder", "timm:vit_tiny", tmp_path)]
    for content in (b"one", b"three"):
        path.write_bytes(content)
        seen.append(model_version("embedder", "timm:vit_tiny", tmp_path))
    assert len(set(seen)) == 3


def test_a_published_file_never_changes_it(tmp_path: Path) -> None:
    before = model_version("faces", "hysts-yolov3", tmp_path)
    (tmp_path / registered("hysts-yolov3").file).write_bytes(b"something else")
    assert model_version("faces", "hysts-yolov3", tmp_path) == before


@pytest.mark.parametrize(
    ("kind", "name"),
    [("embedder", "resnet50"), ("embedder", "timm:"), ("embedder", "timm:../x"), ("faces", "grapeot-yolov3"),
     ("heads", "timm:resnet50"), ("upscaler", "lap-tiny"), ("upscaler", "")],
)  # fmt: skip
def test_what_is_no_model_is_told_the_choices(kind: Kind, name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^takes .* or none$"):
        check_name(kind, name)
    with pytest.raises(ValueError, match=r"^takes "):
        model_version(kind, name, tmp_path)


def test_asking_loads_nothing_heavy() -> None:
    script = (
        "import sys, lap_assets.models.versions; print(sorted({'torch', 'timm', 'numba', 'httpx'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
