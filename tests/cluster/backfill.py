"""A backfill through the UI's own API: launch, wait for its end, and check its runs and events."""

from dataclasses import dataclass
from typing import Any, Final

from lap_assets.core.subfolders import SUBFOLDERS
from tests.cluster.machines import Cluster

_LAUNCH: Final = """mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_STATUS: Final = """query ($id: String!) { partitionBackfillOrError(backfillId: $id) {
  ... on PartitionBackfill { status error { message } } } }"""
_RUNS: Final = """query ($tags: [ExecutionTag!]) { runsOrError(filter: {tags: $tags}, limit: 500) {
  ... on Runs { results { runId status startTime endTime tags { key value }
    stepStats { stepKey status startTime endTime } } } } }"""
_MADE: Final = """{ assetNodes { assetKey { path } isPartitioned isMaterializable
  partitionStats { numMaterialized numPartitions } assetMaterializations(limit: 1) { runId } } }"""


@dataclass(frozen=True, slots=True)
class Backfill:
    """A backfill of the whole graph on a cluster."""

    cluster: Cluster
    id: str

    @classmethod
    def launch(cls, cluster: Cluster) -> "Backfill":
        """Request every asset of every partition."""
        nodes = [node for node in cluster.ask(_MADE)["assetNodes"] if node["isMaterializable"]]
        params = {
            "assetSelection": [{"path": node["assetKey"]["path"]} for node in nodes],
            "partitionNames": list(SUBFOLDERS),
            "tags": [],
        }
        answer = cluster.ask(_LAUNCH, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return cls(cluster, answer["backfillId"])

    def status(self) -> str:
        """Return its status."""
        answer = self.cluster.ask(_STATUS, id=self.id)["partitionBackfillOrError"]
        return str(answer["status"])

    def is_over(self) -> bool:
        """Return whether it has ended."""
        return self.status() not in ("REQUESTED", "CANCELING", "FAILING")

    def runs(self) -> list[dict[str, Any]]:
        """Return its runs, including retries."""
        tags = [{"key": "dagster/backfill", "value": self.id}]
        return list(self.cluster.ask(_RUNS, tags=tags)["runsOrError"]["results"])

    def missing(self) -> list[str]:
        """Return assets with missing partitions."""
        found = []
        for node in self.cluster.ask(_MADE)["assetNodes"]:
            cut = node["partitionStats"]
            whole = cut["numMaterialized"] == cut["numPartitions"] if cut else bool(node["assetMaterializations"])
            if node["isMaterializable"] and not whole:
                found.append(node["assetKey"]["path"][0])
        return found
