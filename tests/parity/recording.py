"""Record the published code's results for small inputs, for the fast tests: `make parity-record`.

    python -m tests.parity.recording FOLDER

Runs only in the reference environment; the tests only use `waves`.
"""

import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
RESIZED: Final = (  # old and new width and height
    ((23, 17), (50, 41)), ((60, 45), (32, 24)), ((1, 1), (8, 8)), ((2, 7), (23, 80)), ((40, 30), (20, 15)),
    ((30, 40), (60, 80)), ((9, 64), (6, 40)), ((40, 31), (43, 30)), ((90, 5), (37, 2)),
)  # fmt: skip
_SIZES: Final = ((225, 318), (1000, 1413), (1, 1), (50, 1000), (1200, 33), (7, 5), (1333, 800), (608, 608), (401, 402))
_POOLED: Final = (
    (3.0, 5.0, 40.0, 33.0), (-20.0, -9.0, 100.0, 90.0), (10.0, 20.0, 200.0, 140.0), (0.0, 0.0, 300.0, 250.0),
    (30.0, 40.0, 31.0, 41.0), (100.0, 0.0, 511.0, 639.0), (60.0, 50.0, 500.0, 600.0), (500.0, 600.0, 560.0, 700.0),
)  # fmt: skip


def waves(channels: int, height: int, width: int) -> NDArray[np.float32]:
    """Return a feature map that can be computed instead of stored."""
    channel, y, x = np.mgrid[:channels, :height, :width].astype(np.float64)
    values: NDArray[np.float32] = np.sin(0.9 * x + 1.7 * y + channel).astype(np.float32)
    return values


def main(folder: Path) -> None:
    """Write all records."""
    from tests.parity.stand_ins import stand_in

    stand_in()
    from tests.parity.yolo_recording import yolos

    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(1)
    rcnn, yolo = (_network(which) for which in ("faster-rcnn", "yolov3"))
    np.savez_compressed(folder / "resizing.npz", allow_pickle=False, **_resizing(chance))
    np.savez_compressed(folder / "fitting.npz", allow_pickle=False, **_fitting(chance))
    np.savez_compressed(folder / "two_stages.npz", allow_pickle=False, **_two_stages(rcnn, chance))
    np.savez_compressed(folder / "yolo.npz", allow_pickle=False, **_yolo(yolo, chance))
    np.savez_compressed(folder / "yolos.npz", allow_pickle=False, **yolos(np.random.default_rng(2)))
    for name, network in (("faster_rcnn", rcnn), ("yolov3", yolo)):
        lines = [" ".join([key, *map(str, value.shape)]) for key, value in network.state_dict().items()]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _network(which: Any) -> Any:
    from tests.parity.hysts_reference import network

    return network(which, None)


def _resizing(chance: np.random.Generator) -> Arrays:
    """Return `before_<n>`, `linear_<n>`, `cubic_<n>` for the n-th row of `RESIZED`."""
    cv2: Any = import_module("cv2")
    cv2.ipp.setUseIPP(False)
    arrays: Arrays = {}
    for number, ((width, height), after) in enumerate(RESIZED):
        before = chance.integers(0, 256, (height, width, 3), dtype=np.uint8)
        arrays[f"before_{number}"] = before
        arrays[f"linear_{number}"] = cv2.resize(before, after, interpolation=cv2.INTER_LINEAR)
        arrays[f"cubic_{number}"] = cv2.resize(before, after, interpolation=cv2.INTER_CUBIC)
    return arrays


def _fitting(chance: np.random.Generator) -> Arrays:
    """Return sizes after mmcv's resizing, a normalized and padded picture, and boxes enlarged by 1.1."""
    mmcv: Any = import_module("mmcv")
    detector: Any = import_module("anime_face_detector.detector").LandmarkDetector
    sizes = [[*size, *mmcv.rescale_size(size, (1333, 800)), *mmcv.rescale_size(size, (608, 608))] for size in _SIZES]
    picture = chance.integers(0, 256, (20, 30, 3), dtype=np.uint8)
    mean, deviation = np.array([123.675, 116.28, 103.53]), np.array([58.395, 57.12, 57.375])
    flat = mmcv.imnormalize(picture[:, :, ::-1], mean, deviation, to_rgb=True)
    boxes = chance.uniform(0, 300, (9, 5)).astype(np.float32)
    larger = np.stack(detector._update_pred_box(SimpleNamespace(box_scale_factor=1.1), boxes.copy()))
    return {
        "sizes": np.array(sizes), "picture": picture, "boxes": boxes, "boxes_enlarged": larger,
        "normalized": mmcv.impad_to_multiple(flat, 32, pad_val=0).transpose(2, 0, 1),
    }  # fmt: skip


def _two_stages(network: Any, chance: np.random.Generator) -> Arrays:
    """Return proposals from small maps, pooling from `waves`, and detections."""
    scale = np.array([1.7, 1.69, 1.7, 1.69], np.float32)
    meta = {"img_shape": (121, 90, 3), "scale_factor": scale}
    maps = ((32, 24), (16, 12), (8, 6), (4, 3), (2, 2))
    logits = [_normal(chance, 1.5, 1, 3, *size) for size in maps]
    deltas = [_normal(chance, 0.4, 1, 12, *size) for size in maps]
    with torch.no_grad():
        proposals = network.rpn_head.get_bboxes(logits, deltas, img_metas=[meta])[0]
        rois = torch.cat((torch.zeros(len(proposals), 1), proposals[:, :4]), dim=1)
        scores, moves = _normal(chance, 1, len(rois), 2), _normal(chance, 0.8, len(rois), 4)
        found, _ = network.roi_head.bbox_head.get_bboxes(
            rois, scores, moves, meta["img_shape"], scale, rescale=True, cfg=network.roi_head.test_cfg
        )
        boxes = torch.tensor(_POOLED)
        extractor = network.roi_head.bbox_roi_extractor
        extractor.out_channels = 2
        features = [torch.from_numpy(waves(2, 640 // stride, 512 // stride))[None] for stride in (4, 8, 16, 32)]
        pooled = extractor(features, torch.cat((torch.zeros(len(boxes), 1), boxes), dim=1))
    arrays = {f"logits_{level}": logit[0] for level, logit in enumerate(logits)}
    arrays |= {f"deltas_{level}": delta[0] for level, delta in enumerate(deltas)}
    arrays |= {"proposals": proposals, "scores": scores, "moves": moves, "found": found}
    arrays |= {"boxes": boxes, "pooled": pooled}
    return {**{name: tensor.numpy() for name, tensor in arrays.items()}, "scale": scale}


def _yolo(network: Any, chance: np.random.Generator) -> Arrays:
    """Return faces from small raw maps."""
    scale = np.array([0.6, 0.61, 0.6, 0.61], np.float32)
    raw = [_normal(chance, 1, 1, 18, *size) for size in ((3, 2), (6, 4), (12, 8))]
    with torch.no_grad():
        copies = [one.clone() for one in raw]  # mmdet modifies its inputs
        found = network.bbox_head.get_bboxes(copies, [{"scale_factor": scale}], rescale=True)[0][0]
    return {**{f"raw_{level}": one.numpy() for level, one in enumerate(raw)}, "found": found.numpy(), "scale": scale}


def _normal(chance: np.random.Generator, deviation: float, *shape: int) -> torch.Tensor:
    return torch.from_numpy(chance.normal(0, deviation, shape).astype(np.float32))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
