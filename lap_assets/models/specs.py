"""The table of models, one `ModelSpec` each, and how a name is looked up in it. Other packages add theirs.

To add a model here: one entry in `SPECS`, and a module for its class. To add one from another package, see `plugins`.
"""

from collections.abc import Sequence
from pathlib import Path
from re import fullmatch
from typing import Final

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.models.plugins import plugin_specs
from lap_assets.models.spec_types import (
    NONE,
    Choices,
    ModelSpec,
    ShippedFiles,
    Task,
    WeightFile,
    chosen_names,
    variable,
)  # fmt: skip
from lap_assets.models.timm_spec import timm_spec
from lap_assets.models.tiny.trained import file_spec, is_file_name

_MODELS: Final = "lap_assets.models."
_TINY: Final = Path(__file__).parent / "tiny"
_HYSTS: Final = "https://github.com/hysts/anime-face-detector/releases/download/v0.0.1/"
_DRIVE: Final = "https://drive.usercontent.google.com/download?id={id}&export=download&confirm=t"
_ESRGAN: Final = "https://github.com/xinntao/Real-ESRGAN/releases/download/v0.2.2.4/"

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
        method=2,
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
            sizes=(246_305_388, 246_305_384),  # Darknet's header took 4 bytes less before its version 0.2
        ),
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


_TAKEN: Final = frozenset((spec.task, spec.name) for spec in SPECS)


def find_spec(task: Task, name: str) -> ModelSpec | None:
    """The model of that name, or of that detector file (`….safetensors`, as `lap train` writes it); None for "none".

    Raises:
        InputError: there is none; the message names those that there are.
        PluginError: another package's entry cannot be used.
    """
    if name == NONE:
        return None
    if task == "embedder" and (timm := fullmatch(r"timm:([A-Za-z0-9][A-Za-z0-9_.-]*)", name)):
        return timm_spec(timm[1])
    if is_file_name(name):
        return file_spec(task, name)
    for spec in SPECS if (task, name) in _TAKEN else plugin_specs(_TAKEN):
        if (spec.task, spec.name) == (task, name):
            return spec
    raise InputError(f"expected one of: {', '.join(model_names(task))}")


def all_specs() -> tuple[ModelSpec, ...]:
    """LAP's own, then those of other packages."""
    return (*SPECS, *plugin_specs(_TAKEN))


def model_names(task: Task) -> list[str]:
    """The names for that task, "none" last; for embedders also "timm:NAME", which stands for any of timm's models."""
    names = [spec.name for spec in all_specs() if spec.task == task]
    return [*names, *(["timm:NAME"] if task == "embedder" else []), NONE]


def check_choice(task: Task, name: str) -> None:
    """Checks that a setting names a model that there is.

    Raises:
        SettingsError: it does not; the message names the variable and the models that there are.
        PluginError: another package's entry cannot be used.
    """
    try:
        find_spec(task, name)
    except InputError as error:
        raise SettingsError(f"{variable(task)}={name!r}: {error}") from None


def check_choices(choices: Choices) -> None:
    """`check_choice` for each task."""
    for task, name in chosen_names(choices).items():
        check_choice(task, name)
