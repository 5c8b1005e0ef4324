"""What the numbers of models mean: how fine they are when they are stored. Standard library alone.

A detector is not sure of a hundredth of a pixel, and two machines compute the last digits differently. So numbers are
rounded where they leave a model (boxes) or enter a table (vectors), far finer than any measure or rule can tell and
far coarser than float rounding: a machine that differs by 1e-5 px changes one coordinate in a thousand, by one step.
Rounding is not what makes a picture's numbers repeatable on one machine: `models.batching` is.
"""

from typing import Final

CORNER_DECIMALS: Final = 2
"""A detector's corners: 0.01 px. On a box of 20 px that moves the IoU by 0.001 at most, and AP50:95 by less than
1e-4; two programs of one network differ by up to 5e-4 px."""

SCORE_DECIMALS: Final = 4
"""A detector's score: 0.0001. Boxes whose scores differ by less are ordered by their corners."""

VECTOR_STEP: Final = 2.0**-12
"""Each number of a vector of length 1: a multiple of 1/4096, which float32 holds exactly. A cosine distance moves by
1e-4 (standard deviation); rules distinguish hundredths. Products of such numbers are multiples of 2^-24 and their sums
are exact in float64: so two stored vectors have the same distance on every machine."""

LENGTH_TOLERANCE: Final = 4 * VECTOR_STEP
"""How far the length of a rounded vector may lie from 1: five standard deviations of what rounding does to it."""

LABEL_DECIMALS: Final = 3
"""Corners in label files and in people's boxes: 0.001 px. Fine enough that nothing is lost, and coarse enough that the
arithmetic of a format (widths, fractions of the image) does not change what is read back."""
