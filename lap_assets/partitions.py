"""Dagster's view of the subfolders: partitions, and mappings between the partitions of assets."""

from typing import Final

import dagster as dg

from lap_assets.core.subfolders import SUBFOLDERS

SUBFOLDER_PARTITIONS: Final = dg.StaticPartitionsDefinition(list(SUBFOLDERS))

# A pair is stored with its higher subfolder, so a partition of pairs needs its own subfolder and all lower ones.
LOWER_OR_SAME: Final = dg.StaticPartitionMapping(
    {lower: set(SUBFOLDERS[index:]) for index, lower in enumerate(SUBFOLDERS)}
)
ALL: Final = dg.AllPartitionMapping()
