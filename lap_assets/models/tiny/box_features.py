"""All features of a box's crop that a classifier uses: the trait network's and the measured ones."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.models.tiny import crop_features
from lap_assets.models.tiny.crop_features import Crop, features_of
from lap_assets.models.tiny.traits import load_traits, read_trait_file

Block = tuple[str, int, float]
"""A group of features: its name, length and weight."""
_MEASURED: Final = 0.3
_SEEN: Final = {"vector": 0.5, "hair": 1.0, "worn": 1.0}
_OTHER_TRAIT: Final = 0.3


@lru_cache(maxsize=1)
def blocks() -> tuple[Block, ...]:
    """Return the groups of features in `both_sides`, in order."""
    seen = ((name, count, _SEEN.get(name, _OTHER_TRAIT)) for name, count in read_trait_file().blocks)
    measured = ((name, count, weight * _MEASURED) for name, count, weight in crop_features.BLOCKS)
    return (*seen, *measured)


def feature_count() -> int:
    """Return the number of features of a crop."""
    return sum(count for _, count, _ in blocks())


def both_sides(crop: Crop) -> NDArray[np.float32]:
    """Return the features of a crop and of its mirror image, shape (2, `feature_count()`).

    Raises:
        WeightsError: the shipped trait network cannot be read; the package is damaged.
    """
    sides = (crop, crop[:, ::-1])
    return np.concatenate((load_traits().numbers(sides), [features_of(side) for side in sides]), axis=1)
