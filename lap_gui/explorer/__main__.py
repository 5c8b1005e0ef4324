"""`python -m lap_gui.explorer FOLDER`: the Explorer on a machine with only Python, Tk and Pillow."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lap_gui.explorer.opening import review_groups
from lap_gui.review.command_line import exit_status, marks_act, parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window. Returns the exit status once it is closed."""
    options = parser("explorer", "Look at all posters of an anime at once and mark those to remove.")
    options.add_argument("folder", type=Path, metavar="FOLDER", help="a home, its posters, a subfolder, or any posters")
    options.add_argument("--partition", metavar="K", help="only the anime of this subfolder, 0 to 9")
    options.add_argument(
        "--start", type=int, metavar="N", help="the anime to start with, counted from 0 (default: where you stopped)"
    )
    options.add_argument("--close-at-end", action="store_true", help="close the window after the last anime")
    given = options.parse_args(arguments)
    return exit_status(
        lambda: review_groups(
            given.folder,
            partition=given.partition,
            start=given.start,
            verdicts=given.verdicts,
            reviewer=given.reviewer,
            readonly=given.readonly,
            marks_act=marks_act(given, os.environ),
            close_at_end=given.close_at_end,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
