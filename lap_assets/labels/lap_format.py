"""LAP's label files, under the name that other programs import; `lap_assets.core.labels.lap_format` holds the code."""

from lap_assets.core.box import Box
from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import LabelFault
from lap_assets.core.labels.lap_format import read, write

__all__ = ["Box", "LabelFault", "LabelFileError", "Labels", "read", "write"]
