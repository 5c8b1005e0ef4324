"""The graph as steps: one step makes one partition of one asset, or of several assets made by one function."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph

from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.queues import ON_REQUEST, TOGETHER

AssetPartition = tuple[str, str | None]
"""An asset's name and partition (None if the asset has no partitions)."""

_PARTITIONS: Final = tuple(SUBFOLDER_PARTITIONS.get_partition_keys())


@dataclass(frozen=True, slots=True)
class Step:
    """The assets and partition that one run makes.

    `pool`: steps of one pool never run at the same time. `together`: due steps with the same value and partition share
    a run.
    """

    assets: tuple[str, ...]
    partition: str | None
    pool: str | None
    needs: frozenset[AssetPartition]
    together: str | None = None

    @property
    def slots(self) -> tuple[AssetPartition, ...]:
        """The asset partitions that the step makes."""
        return tuple((asset, self.partition) for asset in self.assets)

    def may_join(self, other: "Step") -> bool:
        """Return whether one run may make both steps once their inputs are ready."""
        is_same = self.together is not None and self.together == other.together and self.partition == other.partition
        return is_same and len({self.pool, other.pool} - {None}) <= 1

    def joined(self, other: "Step") -> "Step":
        """Return a step that makes both."""
        return Step(
            (*self.assets, *other.assets),
            self.partition,
            self.pool or other.pool,
            self.needs | other.needs,
            self.together,
        )

    def __str__(self) -> str:
        made = " + ".join(self.assets)
        return f"{made} [{self.partition}]" if self.partition is not None else made


class Graph:
    """The asset graph of definitions, or one provided by Dagster."""

    def __init__(self, over: dg.Definitions | BaseAssetGraph[Any]) -> None:
        self.asset_graph: Any = over.get_repository_def().asset_graph if isinstance(over, dg.Definitions) else over
        self.assets: tuple[str, ...] = tuple(
            key.to_user_string() for key in self.asset_graph.toposorted_asset_keys if not self._node(key).is_external
        )
        self.made_by_default: tuple[str, ...] = tuple(
            asset for asset in self.assets if ON_REQUEST not in self._node(dg.AssetKey(asset)).tags
        )
        """The assets that are made without being named."""
        self._needs: dict[AssetPartition, frozenset[AssetPartition]] = {}

    def is_partitioned(self, asset: str) -> bool:
        """Return whether the asset is partitioned by subfolder."""
        return bool(self._node(dg.AssetKey(asset)).is_partitioned)

    def code_version(self, asset: str) -> str | None:
        """Return the current version of the code that makes the asset."""
        version: str | None = self._node(dg.AssetKey(asset)).code_version
        return version

    def needs(self, slot: AssetPartition) -> frozenset[AssetPartition]:
        """Return the asset partitions that this partition is made from."""
        if slot not in self._needs:
            self._needs[slot] = frozenset(self._parents(*slot))
        return self._needs[slot]

    def children(self, asset: str) -> set[str]:
        """Return the assets that are made directly from this one."""
        return {key.to_user_string() for key in self._node(dg.AssetKey(asset)).child_keys}

    def blocking_checks(self, asset: str) -> list[dg.AssetCheckKey]:
        """Return the asset's blocking checks: while one fails, nothing is made from the asset."""
        keys = self.asset_graph.get_check_keys_for_assets({dg.AssetKey(asset)})
        return [key for key in keys if self.asset_graph.get(key).blocking]

    def slots(self, asset: str) -> list[AssetPartition]:
        """Return the asset's partitions."""
        return [(asset, key) for key in (_PARTITIONS if self.is_partitioned(asset) else (None,))]

    def steps(self, assets: Sequence[str], partitions: Sequence[str]) -> list[Step]:
        """Return the steps that make these assets' partitions, each after the steps that it needs."""
        chosen: dict[tuple[tuple[str, ...], str | None], Step] = {}
        for asset in self.assets:
            if asset not in assets:
                continue
            together = self._made_together(asset)
            for key in partitions if self.is_partitioned(asset) else (None,):
                chosen.setdefault((together, key), self._step(together, key))
        return list(chosen.values())

    def _step(self, assets: tuple[str, ...], partition: str | None) -> Step:
        needs = {slot for asset in assets for slot in self.needs((asset, partition))}
        pools = {pool for asset in assets for pool in self._node(dg.AssetKey(asset)).pools or ()}
        own = {(asset, partition) for asset in assets}
        together = {self._node(dg.AssetKey(asset)).tags.get(TOGETHER) for asset in assets}
        return Step(
            assets,
            partition,
            min(pools, default=None),
            frozenset(needs - own),
            together.pop() if len(together) == 1 else None,
        )

    def _made_together(self, asset: str) -> tuple[str, ...]:
        """Return all assets that the asset's function makes, even if it could make some of them alone."""
        node = self._node(dg.AssetKey(asset))
        keys = node.assets_def.keys if hasattr(node, "assets_def") else node.execution_set_asset_keys
        names = {key.to_user_string() for key in keys}
        return tuple(name for name in self.assets if name in names)

    def _parents(self, asset: str, partition: str | None) -> list[AssetPartition]:
        slots: list[AssetPartition] = []
        node = self._node(dg.AssetKey(asset))
        for parent in node.parent_keys:
            name = parent.to_user_string()
            if not self.is_partitioned(name):
                slots.append((name, None))
            elif partition is None:
                slots.extend(self.slots(name))
            else:
                mapping = self.asset_graph.get_partition_mapping(node.key, parent)
                mapped = mapping.get_upstream_mapped_partitions_result_for_partitions(
                    SUBFOLDER_PARTITIONS.subset_with_partition_keys([partition]),
                    SUBFOLDER_PARTITIONS,
                    SUBFOLDER_PARTITIONS,
                )
                slots.extend((name, key) for key in mapped.partitions_subset.get_partition_keys())
        return slots

    def _node(self, key: dg.AssetKey) -> Any:
        return self.asset_graph.get(key)
