"""Makes torchvision importable where its compiled operators do not match the installed torch.

torchvision's Linux wheel is a CUDA build. On a CPU torch its operators cannot load, and then `import torchvision` (so
timm and spandrel too) fails. Run `ready_torchvision` before the first import of any of them. What those operators do
is here or in `roi_align.py`; models are not.
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
    """Makes torchvision importable, and imports it; does nothing where its compiled operators load.

    May be called often and from several threads.

    Returns:
        Whether the compiled operators are there.

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
    """Greedy non-maximum suppression over tensors, as `torchvision.ops.nms` does it.

    Args:
        boxes: (n, 4), x0 y0 x1 y1.
        scores: (n,).
        iou_threshold: a box goes when its intersection over union with a better one that stays is above this.

    Returns:
        Which boxes stay, best first; of equal scores the earlier one. Shape (m,), int64.
    """
    import torch

    from lap_assets.models.detectors import nms as arrays

    kept = arrays.nms(boxes.float().cpu().numpy(), scores.float().cpu().numpy(), iou_threshold)
    return torch.from_numpy(kept).to(boxes.device)


def _operators_load() -> bool:
    """Tries torchvision's compiled operators as its own `extension.py` does, but before it is imported."""
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
    """Declares the operators that torchvision names while it is imported, imports it, and reports them as present."""
    import torch

    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    _kept["library"] = library
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    for place in ("CPU", "CUDA"):
        library.impl("nms", nms, place)  # type: ignore[no-untyped-call]
    import torchvision  # type: ignore[import-untyped]

    torchvision.extension._has_ops = lambda: True
