"""Random styles for the figures that the trait network learns from.

`python -m benchmarks labeling` judges with the replica's named styles, so `random_style` returns none of them.
"""

import math
from typing import Final, get_args

from lap_assets.replica.renderer.styles import STANDARD, STYLES, EyeShape, Shading, Style, Tone
from lap_assets.training.pictures.textures import Rng

MOST_STRETCHED: Final = 1.4
"""The largest ratio of a head's longer to its shorter side; in the style chibi it is 1.7."""
SQUAREST: Final = 3.5
_EYES: Final[tuple[EyeShape, ...]] = get_args(EyeShape)
_SHADINGS: Final[tuple[Shading, ...]] = get_args(Shading)
_TONES: Final[tuple[Tone, ...]] = get_args(Tone)
_TONE_SHARES: Final = (0.76, 0.12, 0.12)
_TAKEN: Final = {(one.eyes, one.shading) for one in STYLES.values() if one != STANDARD}


def random_style(rng: Rng) -> Style:
    """Return a style with random eyes, shading, proportions, lines and colors.

    No named style except the standard one has the same eyes and shading. Heads are less stretched than those of
    `chibi`, and less square than those of `toon`.
    """
    free = [(eyes, shading) for eyes in _EYES for shading in _SHADINGS if (eyes, shading) not in _TAKEN]
    eyes, shading = free[rng.integers(len(free))]
    ratio = MOST_STRETCHED ** rng.uniform(-0.5, 0.5)
    size = math.exp(rng.normal(0, 0.05))
    return Style(
        "random", eyes, shading,
        wide=size * ratio,
        long=size / ratio,
        body=rng.uniform(0.65, 1.2),
        eye_y=rng.uniform(0.05, 0.38),
        eyes_apart=rng.uniform(0.33, 0.52),
        eye_scale=rng.uniform(0.7, 1.3),
        lines=0.0 if rng.random() < 0.1 else math.exp(rng.uniform(math.log(0.4), math.log(2.2))),
        color=1.0 if rng.random() < 0.5 else rng.random(),
        nose=0.0 if rng.random() < 0.6 else rng.uniform(0.1, 0.32),
        square=rng.uniform(1.8, SQUAREST),
        tone=_TONES[rng.choice(len(_TONES), p=_TONE_SHARES)],
        skins=None if rng.random() < 0.6 else (rng.random(), rng.uniform(0.1, 0.65)),
    )  # fmt: skip
