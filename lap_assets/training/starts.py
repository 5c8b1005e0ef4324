"""Start networks of a training from people's labels: lap-tiny's network, or an earlier result."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import InputError
from lap_assets.models.tiny.detector import read_network
from lap_assets.models.tiny.trained import file_spec, is_file_name, read_file, read_header
from lap_assets.models.types import Target

if TYPE_CHECKING:
    from lap_assets.models.darknet.module import Darknet

TINY: Final = "lap-tiny"
_SHIPPED: Final = Path(__file__).parents[1] / "models" / "tiny"


def start_of(name: str, target: Target) -> tuple["Darknet", str]:
    """Return the network with this name for a target, and its layout as Darknet cfg text.

    Raises:
        InputError: the name is neither lap-tiny nor a detector file for the target.
        WeightsError: the weights do not fit the layout.
    """
    if name == TINY:
        cfg = _SHIPPED / f"{target}.cfg"
        return read_network(cfg, cfg.with_suffix(".safetensors")), cfg.read_text("utf-8")
    if not is_file_name(name):
        raise InputError(f"--start {name}: expected {TINY} or a detector file that `lap train` wrote")
    file_spec(target, name)
    path = Path(name).expanduser().absolute()
    described = read_header(path)
    return read_file(path, described), described.cfg
