"""Files of a LAP folder whose names resemble label files but are unknown, and which would be ignored silently."""

from pathlib import Path
from typing import Final

from lap_assets.core.labels.files import (
    CLASSES,
    DELCANDS,
    LABEL_FILES,
    baselines_of,
    marked_names_path,
    reviewed_path,
)

_OWN: Final = tuple(LABEL_FILES.values())
_KNOWN: Final = frozenset({*_OWN, CLASSES, DELCANDS, *(reviewed_path(Path(name)).name for name in _OWN)})
_STARTS: Final = ("labels", "delcands", "classes")


def unknown_label_files(folder: Path) -> list[str]:
    """Return a line for each such file, except suggestions, which are computed again."""
    baselines = {path for name in _OWN for path in baselines_of(folder / name)}
    lines = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        name = path.name.lower()
        if path.name in _KNOWN or path in baselines or name == marked_names_path(Path(DELCANDS)).name:
            continue
        meant = next((own for own in sorted(_KNOWN) if own.lower() == name and not (folder / own).exists()), None)
        if meant is not None:
            lines.append(f"{path.name}: rename it to {meant}, so that it is read")
        elif name.startswith(_STARTS) and path.suffix.lower() == ".txt" and "suggested" not in name:
            lines.append(f"{path.name}: not a name of a LAP label file; rename it, or it is ignored")
    return lines
