"""`python -m lap_gui.comparer LIST.csv`: the Comparer on a machine with only Python, Tk and Pillow."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lap_assets.core.estimates import SURE
from lap_gui.comparer.opening import review_pairs
from lap_gui.review.command_line import exit_status, marks_act, parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window. Returns the exit status once it is closed."""
    options = parser("comparer", "Compare pairs of posters and decide which are duplicates.")
    options.add_argument(
        "list", type=Path, metavar="LIST.csv", help="a candidate list, or lines of two names and a distance"
    )
    options.add_argument("--images", type=Path, metavar="DIR", help="the folder of posters (default: guessed)")
    options.add_argument("--partition", metavar="K", help="only pairs of this subfolder, 0 to 9")
    options.add_argument(
        "--sure", type=float, default=SURE, metavar="P", help="least probability of pairs that A accepts (default: .98)"
    )
    options.add_argument("--close-at-end", action="store_true", help="close the window after the last pair")
    given = options.parse_args(arguments)
    return exit_status(
        lambda: review_pairs(
            [given.list],
            partition=given.partition,
            images=given.images,
            verdicts=given.verdicts,
            reviewer=given.reviewer,
            readonly=given.readonly,
            sure=given.sure,
            close_at_end=given.close_at_end,
            marks_act=marks_act(given, os.environ),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
