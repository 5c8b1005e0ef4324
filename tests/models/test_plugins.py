"""Another package adds a detector through its entry point; a broken one is a one-line error."""

import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import numpy as np
import polars as pl
import pytest
from PIL import Image

from lap_assets.assets.boxes import box_assets
from lap_assets.assets.models import chosen_face_detector, chosen_head_detector
from lap_assets.core.errors import PluginError, SettingsError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.models import load_detector, load_embedder
from lap_assets.models.plugins import plugin_specs
from lap_assets.models.spec_table import SPECS
from lap_assets.models.specs import model_names
from lap_assets.models.versions import model_version
from lap_assets.models.weights import weight_files
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.table_store import TableStore

MODULE = """
import numpy as np
from lap_assets.models import Detector, ModelSpec


class Middle(Detector):
    name, target, batch_size = "middle", "faces", 4

    def prepare(self, picture):
        return picture.size

    def run(self, batch):
        return [np.array([[w / 4, h / 4, 3 * w / 4, 3 * h / 4, 0.5]], np.float32) for w, h in batch]


def load(folder, device):
    return Middle()


def fail(folder, device):
    raise RuntimeError("no driver")


SPEC = ModelSpec(task="faces", name="middle", loader="{module}:load", method=3)
SPECS = [SPEC, ModelSpec(task="heads", name="broken", loader=fail)]
TAKEN = ModelSpec(task="faces", name="hysts-yolov3", loader=load)
ODD = [ModelSpec(task="faces", name="two words", loader=load)]
"""
Install = Callable[[str], str]


@pytest.fixture
def install(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package whose entry point is the given attribute of its module; return the module's name."""

    def installed(attribute: str) -> str:
        folder = tmp_path_factory.mktemp("site")
        module = f"acme_faces_{folder.name}"
        (folder / f"{module}.py").write_text(MODULE.replace("{module}", module))
        about = folder / "acme_faces-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-faces\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[lap_assets.models]\nacme = {module}:{attribute}\n")
        monkeypatch.setattr(sys, "path", [*sys.path, str(folder)])
        plugin_specs.cache_clear()
        return module

    monkeypatch.setattr(sys, "path", [*sys.path])
    plugin_specs.cache_clear()
    return installed


@pytest.fixture(autouse=True)
def _forgotten() -> "object":
    """A test's packages are removed before the next test."""
    yield
    plugin_specs.cache_clear()


@pytest.mark.parametrize("attribute", ["SPEC", "SPECS"])
def test_an_installed_detector_is_one_of_the_choices(install: Install, attribute: str, tmp_path: Path) -> None:
    known = model_names("faces")
    install(attribute)
    own = [name for name in known if name not in ("onnx:FILE", "none")]
    assert own == [spec.name for spec in SPECS if spec.task == "faces"]
    assert model_names("faces") == [*own, "middle", "onnx:FILE", "none"]
    assert "middle" not in model_names("heads")
    (boxes,) = load_detector("middle", weights=tmp_path, device="cpu").detect([Image.new("RGB", (80, 40))])
    np.testing.assert_allclose(boxes, [[20, 10, 60, 30, 0.5]])
    assert model_version("faces", "middle", tmp_path) == "middle v3"


def test_it_runs_in_the_graph(install: Install, tmp_path: Path) -> None:
    install("SPEC")
    settings = Settings(home=tmp_path, face_detector="middle", head_detector="none")
    home, name = Home(tmp_path), PosterName.mal(5, 1, 1)
    home.image(name).parent.mkdir(parents=True)
    Image.new("RGB", (80, 40)).save(home.image(name))

    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def resized_images() -> pl.DataFrame:
        return pl.DataFrame([{"name": str(name), "sha256": sha256_of(home.image(name))}])

    ran = dg.materialize(
        [resized_images, *box_assets(chosen_face_detector(settings), chosen_head_detector(settings))],
        partition_key="0",
        resources={"run_context": RunContext(settings), "io_manager": TableStore(base_dir=str(home.tables))},
    )
    assert ran.success
    table = pl.read_parquet(table_path(home.tables, "baseline_face_boxes", "0"))
    assert table["boxes"].list.len().to_list() == [1]
    assert "middle v3" in table["model"][0]


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("MISSING", "cannot be imported (AttributeError: "),
        ("TAKEN", "there is already a model called 'hysts-yolov3' for faces"),
        ("ODD", "'two words' is not a valid name for a model"),
        ("load", "expected a ModelSpec or a list of ModelSpecs, got function"),
    ],
)
def test_a_broken_one_is_named_in_one_line(install: Install, attribute: str, message: str, tmp_path: Path) -> None:
    module = install(attribute)
    looks: tuple[Callable[[], object], ...] = (
        weight_files,
        lambda: model_names("heads"),
        lambda: load_embedder("unknown", weights=tmp_path, device="cpu"),
    )
    for look in looks:
        with pytest.raises(PluginError) as refused:
            look()
        line = str(refused.value)
        assert line.startswith(f"entry point 'acme' ({module}:{attribute}) of acme-faces 1.0")
        assert message in line
        assert "\n" not in line


def test_a_broken_one_leaves_our_own_models_alone(install: Install, tmp_path: Path) -> None:
    install("MISSING")
    assert model_version("upscaler", "lanczos", tmp_path) == "lanczos v1"


def test_a_failure_of_its_loader_names_it(install: Install, tmp_path: Path) -> None:
    install("SPECS")
    with pytest.raises(
        PluginError, match=r"model 'broken' cannot be loaded \(RuntimeError: no driver\); it comes from"
    ):
        load_detector("broken", weights=tmp_path, device="cpu")


def test_unknown_names_list_the_choices(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, face_detector="grapeot-yolov3")
    with pytest.raises(SettingsError, match=r"^LAP_FACE_DETECTOR='grapeot-yolov3': expected one of: hysts-faster-rcnn"):
        chosen_face_detector(settings)
