"""`python -m lap_gui.explorer FOLDER`: the Explorer where Python and Pillow are all there is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lap_gui.explorer.opening import review_groups
from lap_gui.review.command_line import parser, told


def main(arguments: Sequence[str] | None = None) -> int:
    """Opens the window, and gives the exit status."""
    made = parser("explorer", "Look at all posters of an anime at once, and mark those that are to go.")
    made.add_argument("folder", type=Path, metavar="FOLDER", help="a home, its posters, a subfolder, or posters alone")
    made.add_argument("--partition", metavar="K", help="only the anime of this subfolder, 0 to 9")
    made.add_argument("--start", type=int, metavar="N", help="the anime to begin with, from 0; else where you stopped")
    given = made.parse_args(arguments)
    return told(
        lambda: review_groups(
            given.folder,
            partition=given.partition,
            start=given.start,
            verdicts=given.verdicts,
            reviewer=given.reviewer,
            readonly=given.readonly,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
