"""`python -m lap_gui.comparer LIST.csv`: the Comparer on a machine that has only Python, Tk and Pillow."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lap_assets.core.estimates import SURE
from lap_gui.comparer.opening import review_pairs
from lap_gui.review.command_line import exit_status, marks_act, parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Opens the window. Returns the exit status once it is closed."""
    made = parser("comparer", "Compare pairs of posters and decide which are duplicates.")
    made.add_argument(
        "list", type=Path, metavar="LIST.csv", help="a candidate list, or lines of two names and a distance"
    )
    made.add_argument("--images", type=Path, metavar="DIR", help="the folder of posters; guessed by default")
    made.add_argument("--partition", metavar="K", help="only pairs of this subfolder, 0 to 9")
    made.add_argument(
        "--sure", type=float, default=SURE, metavar="P", help="accept pairs from this probability on at once (.98)"
    )
    given = made.parse_args(arguments)
    return exit_status(
        lambda: review_pairs(
            [given.list],
            partition=given.partition,
            images=given.images,
            verdicts=given.verdicts,
            reviewer=given.reviewer,
            readonly=given.readonly,
            sure=given.sure,
            marks_act=marks_act(given, os.environ),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
