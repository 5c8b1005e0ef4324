"""`python -m lap_gui.labeler FOLDER …`: the Labeler on a machine with only Pillow and Tk."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lap_assets.core.errors import LapError
from lap_assets.core.labels.files import DEFAULT_LABELS, DELCANDS, LABEL_FILES
from lap_gui.labeler import LabelerGUI
from lap_gui.labeler.opening import opening


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the Labeler. Errors that the user can correct are printed as one line; returns the exit status."""
    given = _parser().parse_args(arguments)
    try:
        label(
            given.folder, given.labels, given.delcands, given.classes, backup=given.backup, readonly=given.readonly,
            start=given.start, limit=given.limit,
        )  # fmt: skip
    except (LapError, OSError) as error:
        lines = error.lines if isinstance(error, LapError) else (" ".join(str(error).split()),)
        for line in lines:
            print(f"lap: {line}", file=sys.stderr)
        return error.exit_status if isinstance(error, LapError) else 2
    return 0


def label(
    folder: Path,
    labels: Path | None = None,
    delcands: Path | None = None,
    classes: Path | None = None,
    *,
    backup: bool = False,
    readonly: bool = False,
    start: int | None = None,
    limit: int | None = None,
    order: Sequence[str] | None = None,
) -> None:
    """Open the Labeler on a folder. A bare file name is in `folder`; a path is used as given.

    `order`: the images to show, in order; None: all. `start`: the image to begin with; None: where the person stopped.

    Raises:
        LapError, OSError: something cannot be opened; the message names it.
    """
    chosen = opening(folder, labels_in(folder) if labels is None else path_of(folder, labels))
    chosen = replace(
        chosen,
        delcands=path_of(folder, delcands or Path(DELCANDS)),
        classes=path_of(folder, classes) if classes is not None else chosen.classes,
        backup=backup,
        readonly=readonly,
        start=start or 0,
        resumes=start is None and limit is None and order is None,
        limit=limit,
        order=order,
    )
    LabelerGUI(maximized=True).use(chosen).run()


def path_of(folder: Path, name: Path) -> Path:
    """Return the path of a named file."""
    return folder / name if name.parent == Path() else name.absolute()


def labels_in(folder: Path) -> Path:
    """Return the label file of a folder if none was named: that of the faces, if it exists."""
    found = [folder / name for name in LABEL_FILES.values() if (folder / name).exists()]
    return found[0] if found else folder / DEFAULT_LABELS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lap_gui.labeler", description="Draw and classify boxes on images.")
    parser.add_argument("folder", type=Path, help="the images; also the folder of label files given by bare name")
    parser.add_argument("--labels", type=Path, metavar="F", help="the label file (labels_faces.txt, or bboxes.txt)")
    parser.add_argument(
        "--delcands", type=Path, metavar="F", help="indices of images marked for deletion (delcands.txt)"
    )
    parser.add_argument("--classes", type=Path, metavar="F", help="`id:name` lines (classes.txt beside the label file)")
    parser.add_argument("--backup", action="store_true", help="copy both files first, to <name>_YYYYMMDD_HHMM.txt")
    parser.add_argument("--readonly", action="store_true", help="look only: nothing is written")
    parser.add_argument(
        "--start", type=int, metavar="N", help="the first image to show, from 0 (default: where you stopped)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="how many images to show, from that one on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
