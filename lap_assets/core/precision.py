"""The precision of stored model outputs.

A hundredth of a pixel means nothing to a detector, and two machines compute different last digits. So numbers are
rounded where they leave a model (boxes) or enter a table (vectors): far finer than any metric or rule can resolve, far
coarser than float rounding. On a machine that differs by 1e-5 px, one coordinate in a thousand changes, by one step.
On one machine, `models.batching` makes a picture's numbers repeatable, not rounding.
"""

from typing import Final

CORNER_DECIMALS: Final = 2
"""A detector's corners: 0.01 px. For a box of 20 px this changes the IoU by at most 0.001, and AP50:95 by less than
1e-4; two implementations of one network differ by up to 5e-4 px."""

SCORE_DECIMALS: Final = 4
"""A detector's score: 0.0001. Boxes with equal rounded scores are ordered by their corners."""

VECTOR_STEP: Final = 2.0**-12
"""Each component of a unit vector: a multiple of 1/4096, which float32 holds exactly. It changes a cosine distance by
1e-4 (standard deviation); rules distinguish hundredths. Products of such numbers are multiples of 2^-24 whose sums are
exact in float64, so two stored vectors have the same distance on every machine."""

LENGTH_TOLERANCE: Final = 4 * VECTOR_STEP
"""The tolerance of a rounded vector's norm around 1: five standard deviations of the rounding error."""

LABEL_DECIMALS: Final = 3
"""Corners in label files and in people's boxes: 0.001 px. Fine enough to lose nothing, and coarse enough that a
format's arithmetic (widths, fractions of the image) does not change the values that are read back."""
