"""The review assets: content, metadata, and that verdicts change only the order."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from lap_assets.assets.review import review_assets
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.candidates import CANDIDATES, candidate_list
from lap_assets.duplicates.embedding_table import SCHEMA as VECTORS
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.tables import PAIRS
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from lap_assets.metadata import AWAITING
from lap_assets.review.judging import JUDGED
from lap_assets.review.queue import QUEUE
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.review.tables import poster, posters, verdict, verdicts

NEAR, NEARER, FAR, OTHER = (
    poster(1, 0x0F0F),
    poster(2, 0x0F1E, mal_id=1),
    poster(60_001, 0x3C3C),
    poster(60_002, 0x3C3D),
)
PROBABILITIES, ASSET = review_assets(DEFAULT_RULES)


def inputs(said: pl.DataFrame = NO_VERDICTS) -> dict[str, dict[str, pl.DataFrame]]:
    """The inputs of the assets, in subfolders 0 and 9."""
    table = posters(NEAR, NEARER, FAR, OTHER)
    rows = [(NEAR[0], NEARER[0], 4, 4, 4, None), (FAR[0], OTHER[0], 2, 9, 9, None)]
    pairs = pl.DataFrame(rows, PAIRS, orient="row")
    rules = DEFAULT_RULES.model_copy(update={"rules": tuple(r for r in DEFAULT_RULES.rules if r.action != "remove")})
    resolved = resolve(table, pairs, said, rules)
    lists = {key: candidate_list(key, resolved.pending, table, resolved.decisions) for key in SUBFOLDERS}
    return {
        "review_candidates": {key: lists[key] for key in ("0", "9")},
        "image_hashes": {"0": table},
        "vit_embeddings": {"0": pl.DataFrame(schema=VECTORS)},
        "review_verdicts": {"0": said},
    }


def probabilities(said: pl.DataFrame = NO_VERDICTS) -> dg.Output[pl.DataFrame]:
    made: Any = PROBABILITIES(**inputs(said))
    assert isinstance(made, dg.Output)
    return made


def test_every_waiting_pair_has_a_probability_and_the_queue_is_sorted_by_it(tmp_path: Path) -> None:
    judged = probabilities()
    assert judged.value.schema == JUDGED
    assert judged.value.height == 2
    assert judged.metadata["learned from"].value == "0 decided pairs, 20 are needed to learn from"
    assert str(judged.metadata["calibration"].value).startswith("![plot](data:image/png;base64,")
    context = RunContext(Settings(home=tmp_path))
    made: Any = ASSET(
        run_context=context, pair_probabilities=judged.value, review_candidates=inputs()["review_candidates"]
    )
    assert made.value.schema == QUEUE
    assert made.value["probability"].is_sorted(descending=True)
    assert made.metadata[AWAITING].value == 2
    written = pl.read_parquet(tmp_path / "review" / "queue.parquet")
    assert written.equals(made.value)
    assert (tmp_path / "review" / "queue.csv").read_text().startswith(",".join(CANDIDATES))


def test_the_version_depends_on_content_and_decided_pairs_leave_the_queue() -> None:
    first, again = probabilities(), probabilities()
    assert first.data_version == again.data_version
    decided = probabilities(verdicts(verdict(1, NEAR, NEARER, "distinct")))
    assert decided.data_version != first.data_version
    assert decided.value.height == 1


def test_a_home_without_waiting_pairs_has_an_empty_queue(tmp_path: Path) -> None:
    empty = {"0": pl.DataFrame(schema=CANDIDATES)}
    made: Any = PROBABILITIES(**{**inputs(), "review_candidates": empty})
    queue: Any = ASSET(
        run_context=RunContext(Settings(home=tmp_path)), pair_probabilities=made.value, review_candidates=empty
    )
    assert queue.value.height == 0
    assert (tmp_path / "review" / "queue.csv").read_text().strip() == ",".join(QUEUE)
