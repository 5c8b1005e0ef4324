"""YOLOv3's layout as a cfg text: Darknet-53, then heads at strides 32, 16 and 8 (Redmon and Farhadi 2018)."""

from typing import Final

COCO_ANCHORS: Final = ((10, 13), (16, 30), (33, 23), (30, 61), (62, 45), (59, 119), (116, 90), (156, 198), (373, 326))
_MASKS: Final = ((6, 7, 8), (3, 4, 5), (0, 1, 2))
_STAGES: Final = ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4))  # filters, residual blocks: table 1 of the paper


def yolov3(classes: int = 1, size: int = 608, *, divisor: int = 1) -> str:
    """Return the cfg of YOLOv3 for square pictures of that size.

    `divisor`: divides every width, for tests; 1 is the real network with 75 convolutions.
    """
    network = _Writer(size, divisor)
    network.convolution(32, 3)
    joined = [network.stage(filters, blocks) for filters, blocks in _STAGES]
    network.head(512, _MASKS[0], classes)
    for filters, mask, skip in ((256, _MASKS[1], joined[3]), (128, _MASKS[2], joined[2])):
        network.add("route", layers=-4)
        network.convolution(filters, 1)
        network.add("upsample", stride=2)
        network.add("route", layers=f"-1,{skip}")
        network.head(filters, mask, classes)
    return network.text()


class _Writer:
    """Writes sections one after another and counts them."""

    def __init__(self, size: int, divisor: int) -> None:
        self._sections = [f"[net]\nwidth={size}\nheight={size}\nchannels=3\n"]
        self._divisor = divisor

    def text(self) -> str:
        return "\n".join(self._sections)

    def add(self, kind: str, **options: int | str) -> None:
        self._sections.append(f"[{kind}]\n" + "".join(f"{key}={value}\n" for key, value in options.items()))

    def convolution(self, filters: int, size: int, stride: int = 1) -> None:
        width = max(1, filters // self._divisor)
        self.add("convolutional", batch_normalize=1, filters=width, size=size, stride=stride, pad=1, activation="leaky")

    def stage(self, filters: int, blocks: int) -> int:
        """Add a halving of the grid and residual blocks; return the number of the last layer."""
        self.convolution(filters, 3, stride=2)
        for _ in range(blocks):
            self.convolution(filters // 2, 1)
            self.convolution(filters, 3)
            self.add("shortcut", activation="linear", **{"from": "-3"})
        return len(self._sections) - 2

    def head(self, filters: int, mask: tuple[int, ...], classes: int) -> None:
        """Add five convolutions (the next head routes from the last), one more, the raw output, and [yolo]."""
        for width, size in ((filters, 1), (2 * filters, 3)) * 3:
            self.convolution(width, size)
        self.add("convolutional", filters=len(mask) * (5 + classes), size=1, stride=1, pad=1, activation="linear")
        self.add(
            "yolo",
            mask=",".join(map(str, mask)),
            anchors=", ".join(f"{width},{height}" for width, height in COCO_ANCHORS),
            classes=classes,
            num=len(COCO_ANCHORS),
        )
