"""Dagster's view of the subfolders: partitions, and which partition of an asset is made from which of another."""

from typing import Final

import dagster as dg

from lap_assets.core.subfolders import SUBFOLDERS

SUBFOLDER_PARTITIONS: Final = dg.StaticPartitionsDefinition(list(SUBFOLDERS))

# A pair is stored with its higher subfolder, so what is made of pairs needs its own subfolder and all lower ones.
LOWER_OR_SAME: Final = dg.StaticPartitionMapping(
    {lower: set(SUBFOLDERS[place:]) for place, lower in enumerate(SUBFOLDERS)}
)
ALL: Final = dg.AllPartitionMapping()
