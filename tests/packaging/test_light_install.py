"""What runs without the extra `pipeline`: the tools, `lap convert`, `lap evaluate`; and what the other commands say.

All commands run in one process that refuses to import any package of the pipeline.
"""

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.cli.extras import advice

ROOT = Path(__file__).parents[2]
IMAGE = "0/MAL000001_0001_000001.jpg"
REFUSED = (
    "dagster", "dagster_polars", "dagster_webserver", "faiss", "httpx", "numba", "parsel", "polars", "protego",
    "safetensors", "spandrel", "starlette", "timm", "torch", "torchvision", "uvicorn", "celery", "redis",
)  # fmt: skip
LAP = "lap_assets.cli:main"
FORMATS = {"coco": "faces.json", "yolo": "yolo", "voc": "voc", "parquet": "faces.parquet", "lap": "labels.txt"}
EVALUATE = (
    LAP, "evaluate", "--truth", "labels_faces.txt", "--detections", "labels_faces_baseline.txt",
    "--images", "images", "--out", "report", "--json",
)  # fmt: skip
LIGHT = (
    *((LAP, "convert", "labels_faces.txt", path, "--to", to, "--images", "images") for to, path in FORMATS.items()),
    EVALUATE,
    (LAP, "--help"), (LAP, "run", "--help"), (LAP, "review", "pairs", "--help"), (LAP, "--version"),
    *((f"lap_gui.{tool}.__main__:main", "--help") for tool in ("comparer", "explorer", "labeler")),
)  # fmt: skip
HEAVY = ((LAP, "status"), (LAP, "run"), (LAP, "ui"), (LAP, "demo"), (LAP, "replica"))
PROGRAM = f"""
import contextlib, io, json, sys
from importlib import import_module
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {REFUSED!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Refusing())
results = []
for main, *arguments in json.load(sys.stdin):
    module, function = main.split(":")
    sys.argv = ["lap", *arguments]
    status, out, err = 0, io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = getattr(import_module(module), function)() or 0
        except SystemExit as end:
            status = end.code or 0
    results.append((status, out.getvalue(), err.getvalue()))
print(json.dumps(results))
"""


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("light")
    (made / "images" / "0").mkdir(parents=True)
    (made / "lap_home" / "tables").mkdir(parents=True)
    Image.new("RGB", (100, 150), (9, 60, 90)).save(made / "images" / IMAGE)
    name = IMAGE.replace("/", "\\")
    (made / "labels_faces.txt").write_text(f"{name}: 10 10 50 60 1\n")
    (made / "labels_faces_baseline.txt").write_text(f"{name}: 10 10 50 61 0.9\n")
    return made


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[tuple[str, ...], Result]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LAP_")}
    commands = [*LIGHT, *HEAVY]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=json.dumps(commands), cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {command: Result(*one) for command, one in zip(commands, json.loads(done.stdout), strict=True)}


@pytest.mark.parametrize("command", LIGHT, ids=" ".join)
def test_it_runs(command: tuple[str, ...], results: dict[tuple[str, ...], Result]) -> None:
    assert results[command].status == 0, results[command].err


def test_what_they_write_is_there(folder: Path, results: dict[tuple[str, ...], Result]) -> None:
    assert all((folder / path).exists() for path in FORMATS.values())
    assert json.loads(results[EVALUATE].out)["ap50"] == 1
    assert {path.suffix for path in (folder / "report").iterdir()} == {".png", ".json"}


@pytest.mark.parametrize("command", HEAVY, ids=" ".join)
def test_other_commands_say_what_to_install(command: tuple[str, ...], results: dict[tuple[str, ...], Result]) -> None:
    result = results[command]
    assert result.status == 2
    assert result.err.splitlines()[-1].startswith("lap: this command needs ")
    assert "pip install 'lap-assets[cpu]'" in result.err
    assert "Traceback" not in result.err


def test_a_module_of_no_extra_is_a_bug() -> None:
    assert advice(ModuleNotFoundError("no", name="lap_assets.nowhere")) is None


def test_every_package_of_the_extras_has_its_advice() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for line in (*extras["pipeline"], *extras["cluster"], *extras["onnx"]):
        name = line.split("[")[0].split(">")[0].split("~")[0]
        if name not in ("lap-assets", "psycopg2-binary"):
            assert advice(ModuleNotFoundError("no", name=name.replace("-", "_"))), name
