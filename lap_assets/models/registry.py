"""The weight files that models need: where each comes from and how it is known to be the right one. A table, no work.

A model that needs a file is called like the file's key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file.

    Attributes:
        key: The name of the model that needs it, and of the file in `lap weights`.
        file: Its name in the folder of weights.
        url: Where it is published.
        megabytes: About how large it is, for people.
        licence: As its publisher says.
        purpose: What it is for.
        sha256: As its publisher says; None where nobody published one, and then the first fetched one counts.
        sizes: The bytes that it can have; empty where they are not known.
    """

    key: str
    file: str
    url: str
    megabytes: int
    licence: str
    purpose: str
    sha256: str | None = None
    sizes: tuple[int, ...] = ()


_HYSTS: Final = "https://github.com/hysts/anime-face-detector/releases/download/v0.0.1/"
_DRIVE: Final = "https://drive.usercontent.google.com/download?id={id}&export=download&confirm=t"

REGISTRY: Final[Sequence[WeightFile]] = (
    WeightFile(
        key="animesion-vit-l16",
        file="verify_danbooruFaces_l16_ptTrue_batch16_imageSize128_50epochs_epochDecay20.ckpt",
        url=_DRIVE.format(id="1eZai1_gjos6TNeQZg6IY-cIWxtg0Pxah"),
        megabytes=1226,
        licence="MIT (code)",
        purpose="embeddings of posters: ViT-L/16 trained on faces of Danbooru, by Animesion",
    ),
    WeightFile(
        key="sscd",
        file="sscd_disc_mixup.torchvision.pt",
        url="https://dl.fbaipublicfiles.com/sscd-copy-detection/sscd_disc_mixup.torchvision.pt",
        megabytes=98,
        licence="MIT",
        purpose="embeddings of posters: ResNet-50 trained to find copies",
    ),
    WeightFile(
        key="hysts-faster-rcnn",
        file="mmdet_anime-face_faster-rcnn.pth",
        url=_HYSTS + "mmdet_anime-face_faster-rcnn.pth",
        megabytes=166,
        licence="MIT",
        purpose="faces, by hysts' Faster R-CNN",
        sha256="8cd3514eef1a69d9e448b87982bc7d37c8c8f5a1fc2cbb84579d382e5e4acbf1",
    ),
    WeightFile(
        key="hysts-yolov3",
        file="mmdet_anime-face_yolov3.pth",
        url=_HYSTS + "mmdet_anime-face_yolov3.pth",
        megabytes=246,
        licence="MIT",
        purpose="faces, by hysts' YOLOv3",
        sha256="38208bb6b8a4633193feba532e96ed9a7942129af8fe948b27bfcf8e9a30a12e",
    ),
    WeightFile(
        key="grapeot-yolov3",
        file="head.weights",
        url="https://lab.grapeot.me/head.weights",
        megabytes=246,
        licence="MIT",
        purpose="heads, by grapeot's YOLOv3",
        sizes=(246_305_388, 246_305_384),  # Darknet's header took 4 bytes less before its version 0.2
    ),
    WeightFile(
        key="realesrgan-anime-6b",
        file="RealESRGAN_x4plus_anime_6B.pth",
        url="https://github.com/xinntao/Real-ESRGAN/releases/download/v0.2.2.4/RealESRGAN_x4plus_anime_6B.pth",
        megabytes=18,
        licence="BSD-3-Clause",
        purpose="enlarging small posters",
        sha256="f872d837d3c90ed2e05227bed711af5671a6fd1c9f7d7e91c911a61f155e99da",
    ),
)


def registered(key: str, table: Sequence[WeightFile] = REGISTRY) -> WeightFile:
    """The file of that key.

    Raises:
        ValueError: there is none; the message names those that there are.
    """
    for entry in table:
        if entry.key == key:
            return entry
    raise ValueError(f"no weight file is called {key!r}; there are {', '.join(entry.key for entry in table)}")
