"""Detector files are read back bit by bit; any other file is an error of one line."""

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from lap_assets.core.errors import InputError, LapError, WeightsError
from lap_assets.models import load_detector
from lap_assets.models.specs import check_choice, find_spec
from lap_assets.models.tiny.trained import DetectorFile, load, note_of, read_header, read_note, write_detector
from lap_assets.models.versions import model_version
from lap_assets.training.starts import start_of

SHIPPED = Path(__file__).parents[2] / "lap_assets" / "models" / "tiny"


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A detector file of heads with lap-tiny's weights."""
    network, cfg = start_of("lap-tiny", "heads")
    path = tmp_path_factory.mktemp("files") / "mine.safetensors"
    write_detector(network, path, DetectorFile("heads", cfg, {"images": 12}))
    return path


def test_a_detector_file_finds_what_its_network_found(heads: Path) -> None:
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8))
    loaded, shipped = load_detector(str(heads)), load_detector("lap-tiny", of="heads")
    assert (loaded.name, loaded.target) == ("mine", "heads")
    assert np.array_equal(loaded.detect([picture])[0], shipped.detect([picture])[0])
    assert read_header(heads).about == {"images": 12}
    again = heads.with_name("again.safetensors")
    network, cfg = start_of(str(heads), "heads")
    write_detector(network, again, DetectorFile("heads", cfg, {"images": 12}))
    assert again.read_bytes() == heads.read_bytes()


def test_a_settings_value_may_be_a_detector_file(heads: Path, tmp_path: Path) -> None:
    check_choice("heads", str(heads))
    with pytest.raises(LapError, match=r"LAP_FACE_DETECTOR='.*mine.safetensors': .* finds heads"):
        check_choice("faces", str(heads))
    with pytest.raises(LapError, match="there is no such file"):
        check_choice("faces", str(tmp_path / "gone.safetensors"))


def test_a_retrained_file_has_another_version(heads: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    shutil.copy(heads, path)
    before = model_version("heads", str(path), tmp_path)
    assert before.startswith("x v1 ")
    network, cfg = start_of("lap-tiny", "heads")
    with torch.no_grad():
        next(network.parameters()).add_(1)
    write_detector(network, path, DetectorFile("heads", cfg, {"images": 13}))
    assert model_version("heads", str(path), tmp_path) != before


class Planted:
    """An object that would run code if it were unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (Path("planted"),)


def test_other_files_are_one_line_and_run_nothing(heads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.safetensors"
    content = heads.read_bytes()
    torch.save({"a": Planted()}, tmp_path / "torch.pt")
    others = {
        "empty": b"", "short": content[:5], "pickled": pickle.dumps(Planted()), "text": b"hello" * 100,
        "torch": (tmp_path / "torch.pt").read_bytes(), "embedder": (SHIPPED / "embedder.safetensors").read_bytes(),
        "shipped": (SHIPPED / "faces.safetensors").read_bytes(),
        "endless": (1 << 60).to_bytes(8, "little") + b"{}",
    }  # fmt: skip
    for other in others.values():
        path.write_bytes(other)
        with pytest.raises(InputError, match=r"x\.safetensors is not a detector that `lap train") as raised:
            find_spec("faces", str(path))
        assert len(raised.value.lines) == 1
    for cut in (content[:-1], content[: len(content) // 2]):
        path.write_bytes(cut)
        with pytest.raises(WeightsError, match="cut short"):
            load(path, "cpu")
    assert not (tmp_path / "planted").exists()


def test_numbers_that_do_not_fit_are_one_line(heads: Path, tmp_path: Path) -> None:
    path, note, state = tmp_path / "x.safetensors", read_note(heads), load_file(heads)
    first = next(iter(state))
    for other, line in (
        ({key: value for key, value in state.items() if key != first}, f"has no {first}"),
        ({**state, first: state[first][:1].clone()}, f"{first} has shape"),
        ({**state, "more": torch.zeros(1)}, "has more, which is not part of this model"),
        ({**state, first: state[first] * float("nan")}, "not finite"),
    ):
        save_file(other, path, note_of(**note))
        with pytest.raises(WeightsError, match=line):
            load_detector(str(path))
    save_file(state, path, note_of(**{**note, "cfg": "[net]\nwidth=256\n[maxpool]\n"}))
    with pytest.raises(WeightsError, match="its layout cannot be built"):
        load_detector(str(path))
