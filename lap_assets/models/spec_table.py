"""LAP's own models, one `ModelSpec` each. To add a model, add an entry here and a module for its class."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.models.spec_types import ModelSpec, ShippedFiles, WeightFile

_MODELS: Final = "lap_assets.models."
_TINY: Final = Path(__file__).parent / "tiny"
_HYSTS: Final = "https://github.com/hysts/anime-face-detector/releases/download/v0.0.1/"
_DRIVE: Final = "https://drive.usercontent.google.com/download?id={id}&export=download&confirm=t"
_ESRGAN: Final = "https://github.com/xinntao/Real-ESRGAN/releases/download/v0.2.2.4/"


def _hysts_hub(network: str, megabytes: int, purpose: str) -> WeightFile:
    """Return hysts' weights as safetensors, which his package uses since 0.1.0. No sha256 is published."""
    key = f"hysts-{network}-hub"
    return WeightFile(
        key=key,
        file=f"{key}.safetensors",
        url=f"https://huggingface.co/hysts/anime-face-detector-{network}/resolve/main/model.safetensors",
        megabytes=megabytes,
        licence="MIT",
        purpose=purpose,
    )


def _deepghs(thing: str, version: str, megabytes: int) -> WeightFile:
    """Return one of deepghs' files, which the package `dghs-imgutils` also downloads. No sha256 is published."""
    key = f"deepghs-{thing}-{version.replace('_', '-')}"
    return WeightFile(
        key=key,
        file=f"{key}.onnx",
        url=f"https://huggingface.co/deepghs/anime_{thing}_detection/resolve/main/{thing}_detect_{version}/model.onnx",
        megabytes=megabytes,
        licence="MIT",
        purpose=f"{thing}s, by deepghs' YOLOv8",
    )


SPECS: Final[Sequence[ModelSpec]] = (
    ModelSpec(
        task="embedder",
        name="animesion-vit-l16",
        loader=_MODELS + "embedders.animesion:load",
        method=2,
        weights=WeightFile(
            key="animesion-vit-l16",
            file="verify_danbooruFaces_l16_ptTrue_batch16_imageSize128_50epochs_epochDecay20.ckpt",
            url=_DRIVE.format(id="1eZai1_gjos6TNeQZg6IY-cIWxtg0Pxah"),
            megabytes=1226,
            licence="MIT (code)",
            purpose="embeddings of posters: ViT-L/16 trained on faces of Danbooru, by Animesion",
        ),
    ),
    ModelSpec(
        task="embedder",
        name="sscd",
        loader=_MODELS + "embedders.sscd:Sscd.load",
        method=2,
        weights=WeightFile(
            key="sscd",
            file="sscd_disc_mixup.torchvision.pt",
            url="https://dl.fbaipublicfiles.com/sscd-copy-detection/sscd_disc_mixup.torchvision.pt",
            megabytes=98,
            licence="MIT",
            purpose="embeddings of posters: ResNet-50 trained to find copies",
        ),
    ),
    ModelSpec(
        task="embedder",
        name="lap-tiny",
        loader=_MODELS + "tiny.embedder:load",
        method=3,
        weights=ShippedFiles((_TINY / "embedder.safetensors",)),
    ),
    ModelSpec(
        task="faces",
        name="hysts-faster-rcnn",
        loader=_MODELS + "detectors.faster_rcnn:FasterRcnn.load",
        method=2,
        weights=WeightFile(
            key="hysts-faster-rcnn",
            file="mmdet_anime-face_faster-rcnn.pth",
            url=_HYSTS + "mmdet_anime-face_faster-rcnn.pth",
            megabytes=166,
            licence="MIT",
            purpose="faces, by hysts' Faster R-CNN",
            sha256="8cd3514eef1a69d9e448b87982bc7d37c8c8f5a1fc2cbb84579d382e5e4acbf1",
        ),
    ),
    ModelSpec(
        task="faces",
        name="hysts-yolov3",
        loader=_MODELS + "detectors.yolo:HystsYolo.load",
        method=2,
        weights=WeightFile(
            key="hysts-yolov3",
            file="mmdet_anime-face_yolov3.pth",
            url=_HYSTS + "mmdet_anime-face_yolov3.pth",
            megabytes=246,
            licence="MIT",
            purpose="faces, by hysts' YOLOv3",
            sha256="38208bb6b8a4633193feba532e96ed9a7942129af8fe948b27bfcf8e9a30a12e",
        ),
    ),
    ModelSpec(
        task="faces",
        name="hysts-faster-rcnn-hub",
        loader=_MODELS + "detectors.faster_rcnn:FasterRcnn.load",
        method=2,
        weights=_hysts_hub("faster-rcnn", 166, "faces, by hysts' Faster R-CNN, from the hub"),
    ),
    ModelSpec(
        task="faces",
        name="hysts-yolov3-hub",
        loader=_MODELS + "detectors.yolo:HystsYolo.load",
        method=2,
        weights=_hysts_hub("yolov3", 246, "faces, by hysts' YOLOv3, from the hub"),
    ),
    ModelSpec(
        task="faces",
        name="deepghs-face-v1.4-s",
        loader=_MODELS + "onnx.deepghs:load_faces",
        weights=_deepghs("face", "v1.4_s", 45),
        needs_torch=False,
        needs_onnx=True,
    ),
    ModelSpec(
        task="faces",
        name="deepghs-face-v1.4-n",
        loader=_MODELS + "onnx.deepghs:load_faces",
        weights=_deepghs("face", "v1.4_n", 12),
        needs_torch=False,
        needs_onnx=True,
    ),
    ModelSpec(
        task="faces",
        name="lap-tiny",
        loader=_MODELS + "tiny.detector:load_faces",
        method=2,
        weights=ShippedFiles((_TINY / "faces.cfg", _TINY / "faces.safetensors")),
    ),
    ModelSpec(
        task="heads",
        name="grapeot-yolov3",
        loader=_MODELS + "detectors.yolo:GrapeotYolo.load",
        method=2,
        weights=WeightFile(
            key="grapeot-yolov3",
            file="head.weights",
            url="https://lab.grapeot.me/head.weights",
            megabytes=246,
            licence="MIT",
            purpose="heads, by grapeot's YOLOv3",
            sizes=(246_305_388, 246_305_384),  # Darknet's header was 4 bytes shorter before version 0.2
        ),
    ),
    ModelSpec(
        task="heads",
        name="deepghs-head-v2.0-s",
        loader=_MODELS + "onnx.deepghs:load_heads",
        weights=_deepghs("head", "v2.0_s", 45),
        needs_torch=False,
        needs_onnx=True,
    ),
    ModelSpec(
        task="heads",
        name="lap-tiny",
        loader=_MODELS + "tiny.detector:load_heads",
        method=2,
        weights=ShippedFiles((_TINY / "heads.cfg", _TINY / "heads.safetensors")),
    ),
    ModelSpec(
        task="upscaler",
        name="realesrgan-anime-6b",
        loader=_MODELS + "upscalers.real_esrgan:RealEsrgan.load",
        weights=WeightFile(
            key="realesrgan-anime-6b",
            file="RealESRGAN_x4plus_anime_6B.pth",
            url=_ESRGAN + "RealESRGAN_x4plus_anime_6B.pth",
            megabytes=18,
            licence="BSD-3-Clause",
            purpose="enlarging small posters",
            sha256="f872d837d3c90ed2e05227bed711af5671a6fd1c9f7d7e91c911a61f155e99da",
        ),
    ),
    ModelSpec(task="upscaler", name="lanczos", loader=_MODELS + "upscalers.lanczos:load", needs_torch=False),
)
