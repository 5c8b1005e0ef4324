"""Optional files: a broken link in place of one is named, and never taken for a missing file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lap_assets.core.errors import LapError
from lap_assets.core.home import Home
from lap_assets.core.labels.lap_format import read as read_labels
from lap_assets.core.verdicts.log import read_verdicts
from lap_assets.labels.label_audit_file import read_label_audits
from lap_assets.models.checksums import NAME as CHECKSUMS
from lap_assets.models.checksums import records
from lap_assets.posters.repartition import check_subfolders
from lap_assets.review.audit import read_audits
from lap_gui.comparer.commands import KEYS
from lap_gui.shared.own_keys import with_own_keys

READ: dict[str, Callable[[Path], object]] = {
    "labels_faces.txt": read_labels,
    "3.jsonl": lambda path: read_verdicts([path]).lines,
    "audit.json": lambda path: read_audits(path.parent),
    "labels_faces.audits.json": read_label_audits,
    CHECKSUMS: lambda path: records(path.parent),
    "keys.toml": lambda path: with_own_keys("comparer", KEYS, path.parent),
    "state/subfolders.json": lambda path: check_subfolders(Home(path.parents[1])),
}


@pytest.mark.parametrize("name", READ)
def test_it_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    READ[name](path)  # a missing file is empty
    assert not path.exists() or name.startswith("state/")
    path.unlink(missing_ok=True)
    path.symlink_to(tmp_path / "gone")
    with pytest.raises(LapError, match=f"{path.name}.*a link to .*gone, which is not there"):
        READ[name](path)
    assert path.is_symlink()
    assert not (tmp_path / "gone").exists()
