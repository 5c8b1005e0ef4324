"""LAP's label files, under the name that other programs import; `lap_assets.core.labels.lap_format` holds the code."""

from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.lap_format import Box, Fault, Labels, read, write

__all__ = ["Box", "Fault", "LabelFileError", "Labels", "read", "write"]
