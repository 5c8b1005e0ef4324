"""Making torchvision importable when its compiled operators do not match the installed torch.

torchvision's Linux wheel is a CUDA build. With a CPU build of torch its operators cannot load, and then
`import torchvision` fails, and with it timm and spandrel. Run `ready_torchvision` before the first import of any of
them. Replacements of the operators are here and in `roi_align.py`.
"""

from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

_lock = Lock()
_kept: dict[str, Any] = {}  # "native": whether the compiled operators load; "library": it unregisters when collected


def ready_torchvision() -> bool:
    """Make torchvision importable and import it; do nothing if its compiled operators load.

    May be called repeatedly and from several threads.

    Returns:
        Whether the compiled operators are available.

    Raises:
        ModuleNotFoundError: torchvision is not installed.
    """
    with _lock:
        if "native" not in _kept:
            native = _operators_load()
            if not native:
                _stand_in()
            _kept["native"] = native
        return bool(_kept["native"])


def nms(boxes: "Tensor", scores: "Tensor", iou_threshold: float) -> "Tensor":
    """Apply greedy non-maximum suppression to tensors, like `torchvision.ops.nms`.

    Args:
        boxes: (n, 4), x0 y0 x1 y1.
        scores: (n,).
        iou_threshold: a box is removed if its IoU with a better kept box is above this.

    Returns:
        The indices of the kept boxes, best first; of equal scores the earlier one. Shape (m,), int64.
    """
    import torch

    from lap_assets.models.detectors import nms as arrays

    kept = arrays.nms(boxes.float().cpu().numpy(), scores.float().cpu().numpy(), iou_threshold)
    return torch.from_numpy(kept).to(boxes.device)


def _operators_load() -> bool:
    """Try to load torchvision's compiled operators like its `extension.py`, but before it is imported."""
    import torch

    spec = find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("torchvision is not installed; run `make install`", name="torchvision")
    built = [file for file in Path(spec.origin).parent.glob("_C*") if file.suffix in {".so", ".pyd"}]
    try:
        for file in built:
            torch.ops.load_library(str(file))  # type: ignore[no-untyped-call]
    except (ImportError, OSError):
        return False
    return bool(built)


def _stand_in() -> None:
    """Declare the operators that importing torchvision needs, import it, and report them as present."""
    import torch

    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    _kept["library"] = library
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    for backend in ("CPU", "CUDA"):
        library.impl("nms", nms, backend)  # type: ignore[no-untyped-call]
    import torchvision  # type: ignore[import-untyped]

    torchvision.extension._has_ops = lambda: True
