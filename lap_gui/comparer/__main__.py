"""`python -m lap_gui.comparer LIST.csv`: the Comparer where Python and Pillow are all there is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lap_gui.comparer.opening import review_pairs
from lap_gui.review.command_line import parser, told


def main(arguments: Sequence[str] | None = None) -> int:
    """Opens the window, and gives the exit status."""
    made = parser("comparer", "Compare pairs of posters, and say which are duplicates.")
    made.add_argument(
        "list", type=Path, metavar="LIST.csv", help="a candidate list, or two names and a distance a line"
    )
    made.add_argument("--images", type=Path, metavar="DIR", help="the folder of posters; guessed if not given")
    given = made.parse_args(arguments)
    return told(
        lambda: review_pairs(
            [given.list],
            images=given.images,
            verdicts=given.verdicts,
            reviewer=given.reviewer,
            readonly=given.readonly,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
