"""Texts that several files of a release share: name, description, licence, citation."""

import re
from typing import Final

NAME: Final = "LAP: labeled animation posters"
REPOSITORY: Final = "https://github.com/nsndp/labeled-animation-posters"
DESCRIPTION: Final = (
    "Anime posters from MyAnimeList and World Art without near-duplicates, with boxes of faces and heads: drawn or "
    "corrected by people on reviewed images, a detector's on the others. For training and evaluating detectors of "
    "stylized faces."
)
DRAWN_DESCRIPTION: Final = (
    "Pictures that a program drew to imitate anime posters, without near-duplicates, with boxes of faces and heads. "
    "None of them comes from a site. For trying out LAP; not a dataset of anime posters."
)
REPLICA: Final = "replica"
"""The entry in a release's provenance that marks its pictures as drawn; absent otherwise."""
DRAWN: Final = "posters were drawn by a replica of the sites; none comes from a site"

_LICENCES: Final = (
    "cc0-1.0", "cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
    "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
    "odc-by", "odbl", "pddl", "mit", "apache-2.0", "wtfpl", "unlicense", "cdla-permissive-1.0", "cdla-permissive-2.0",
    "cdla-sharing-1.0",
)  # fmt: skip
"""Licences by the names that dataset hubs use (huggingface.co/docs/hub/repositories-licenses)."""


def description_of(*, is_drawn: bool) -> str:
    """Return a description of the dataset in one paragraph."""
    return DRAWN_DESCRIPTION if is_drawn else DESCRIPTION


def licence_line(licence: str, *, is_drawn: bool = False) -> str:
    """Return the line about licences. `licence`: of the annotations, as the publisher names it; may be empty."""
    annotations = licence or "no licence named"
    images = "drawn by a program" if is_drawn else "copyright of their creators, not licensed here"
    return f"Images: {images}. Annotations: {annotations}."


def hub_licence(licence: str) -> str | None:
    """Return the dataset hubs' name of a licence (`CC BY 4.0` is `cc-by-4.0`); None if they have none."""
    name = re.sub(r"[\s_/]+", "-", licence.strip().lower())
    return name if name in _LICENCES else None


def citation(version: str, day: str, licence: str, *, is_drawn: bool) -> str:
    """Return the text of `CITATION.cff`. `day`: of the newest poster, YYYY-MM-DD; may be empty."""
    known = hub_licence(licence)
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use this dataset, please cite it as below."',
        "type: dataset",
        f'title: "{NAME}, {version}{" (drawn by a replica)" if is_drawn else ""}"',
        "authors:",
        '  - name: "The LAP authors"',
        f'version: "{version}"',
        *([f"date-released: {day}"] if day else []),
        *([f"license: {_SPDX.get(known, known.upper())}"] if known else []),
        f'repository: "{REPOSITORY}"',
        "references:",
        "  - type: dataset",
        '    title: "labeled-animation-posters"',
        "    authors:",
        "      - alias: nsndp",
        f'    url: "{REPOSITORY}"',
    ]
    return "\n".join(lines) + "\n"


_SPDX: Final = {
    "mit": "MIT", "apache-2.0": "Apache-2.0", "odc-by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0",
    "wtfpl": "WTFPL", "unlicense": "Unlicense", "cdla-permissive-1.0": "CDLA-Permissive-1.0",
    "cdla-permissive-2.0": "CDLA-Permissive-2.0", "cdla-sharing-1.0": "CDLA-Sharing-1.0",
}  # fmt: skip
