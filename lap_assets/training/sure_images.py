"""Of which images a model is sure: from what it suggests alone."""

from collections.abc import Iterable, Mapping

from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY
from lap_assets.labels.label_audit import SureImage, Sureness
from lap_assets.training.label_reliability import ImageBoxes, score_of


def sure_images(images: Iterable[ImageBoxes], contents: Mapping[str, str], sureness: Sureness) -> list[SureImage]:
    """Return the images of which a model is sure, and on which it found something.

    Every suggestion that counts has at least the score, and at least the probability where it has a class. Images that
    people have worked on, and those that were accepted already, are left out.

    Args:
        contents: sha256 of each image of the dataset; others are left out.
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
