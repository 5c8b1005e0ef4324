"""Selection of the images of which a model is sure, from its suggestions alone."""

from collections.abc import Iterable, Mapping

from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY
from lap_assets.labels.label_audit import SureImage, Sureness
from lap_assets.training.label_reliability import ImageBoxes, score_of


def sure_images(images: Iterable[ImageBoxes], contents: Mapping[str, str], sureness: Sureness) -> list[SureImage]:
    """Return the images with suggestions of which the model is sure.

    Every counted suggestion has at least the score of `sureness` and, if it has a class, at least its probability.
    Images that people have worked on, or that were already accepted, are left out.

    Args:
        contents: sha256 of each image of the dataset; other images are left out.
    """
    return [
        SureImage(image.name, contents[image.name], tuple(image.certain))
        for image in images
        if image.name in contents and not image.is_begun and not image.is_audited and _is_sure(image, sureness)
    ]


def _is_sure(image: ImageBoxes, sureness: Sureness) -> bool:
    probabilities = (dict(box.attributes).get(CLASS_PROBABILITY, 1.0) for box in image.certain)
    return (
        bool(image.certain)
        and all(score_of(box) >= sureness.score for box in image.certain)
        and all(float(one) >= sureness.class_ for one in probabilities)
    )
