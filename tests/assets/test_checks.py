"""The asset checks, on valid and invalid tables."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from PIL import Image

from lap_assets import checks
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.pictures.cleaning import clean_partition
from lap_assets.pictures.gate import Limits
from lap_assets.pictures.recipe import Recipe
from lap_assets.pictures.upscaling import Upscaling
from lap_assets.posters.store import store
from lap_assets.release.writer import Content, write_release
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.table_store import TableStore
from tests.small_models import Doubling

DOUBLING = Upscaling("1", Doubling)
ONE, TWO = "MAL00005_1018_120197.jpg", "MAL00006_0008_019968.jpg"


def names(*given: str) -> pl.DataFrame:
    return pl.DataFrame({"name": list(given)}, schema={"name": pl.String})


def check_named(name: str) -> dg.AssetChecksDefinition:
    return next(check for check in checks.asset_checks() if name in {key.name for key in check.check_keys})


def evaluated(check: dg.AssetChecksDefinition, *arguments: object) -> dg.AssetCheckResult:
    result = check(*arguments)
    assert isinstance(result, dg.AssetCheckResult)
    return result


@pytest.mark.parametrize(
    ("table", "passed", "said"),
    [
        (names(ONE, TWO), True, "2 names fit"),
        (names(ONE, "MAL01000_0001_000001.jpg"), False, "belongs to subfolder 1"),
        (names(ONE, ONE), False, "occurs twice"),
        (names("poster.jpg"), False, "not a poster's name"),
    ],
)
def test_names_fit_their_partition(tmp_path: Path, table: pl.DataFrame, passed: bool, said: str) -> None:
    @dg.asset(partitions_def=SUBFOLDER_PARTITIONS)
    def mal_posters() -> pl.DataFrame:
        return table

    fits = next(
        check for check in checks.asset_checks() if "mal_posters_names_fit" in {key.name for key in check.check_keys}
    )
    ran = dg.materialize(
        [mal_posters, fits], partition_key="0", resources={"io_manager": TableStore(base_dir=str(tmp_path))},
        raise_on_error=False,
    )  # fmt: skip
    (evaluation,) = ran.get_asset_check_evaluations()
    assert evaluation.passed is ran.success is passed
    assert said in str(evaluation.description)


@pytest.mark.parametrize(
    ("decided", "said"),
    [((ONE, TWO), "2 raw posters"), ((ONE,), f"{TWO} has no decision"), ((ONE, TWO, TWO), "has two decisions"),
     ((ONE, TWO, "MAL00007_0001_000001.jpg"), "has a decision but is not in a manifest")],
)  # fmt: skip
def test_every_poster_has_exactly_one_decision(decided: tuple[str, ...], said: str) -> None:
    result = evaluated(check_named("no_poster_lost"), names(*decided), names(ONE), names(TWO))
    assert said in str(result.description)
    assert result.passed is (decided == (ONE, TWO))


def test_a_rule_never_removes_the_last_of_its_kind() -> None:
    rows = pl.DataFrame({"name": [ONE, TWO], "by": ["rule", None], "survivor": [TWO, None]})
    assert evaluated(checks.removed_have_survivors, rows).passed
    orphan = rows.with_columns(survivor=pl.lit(None, pl.String))
    assert not evaluated(checks.removed_have_survivors, orphan).passed


def test_an_unreadable_poster_is_a_warning_that_names_it() -> None:
    result = evaluated(checks.raw_posters_decode, pl.DataFrame({"problem": [None, f"{ONE}: cut off"]}))
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert ONE in str(result.description)


def test_images_and_release_are_verified(tmp_path: Path) -> None:
    home = Home(tmp_path)
    picture = tmp_path / "picture.jpg"
    Image.effect_noise((200, 280), 60).save(picture)
    stored = store(home.poster(PosterName.parse(ONE)), picture.read_bytes(), Limits(pixels=10**6))
    posters = pl.DataFrame(
        {"name": [ONE], "sha256": [stored.sha256], "bytes": [stored.bytes], "width": [200], "height": [280]}
    )
    table = clean_partition(
        posters, "0", previous=None, home=home, recipe=Recipe(), upscaling=DOUBLING, progress=Silent()
    )
    run_context = RunContext(Settings(home=tmp_path))
    assert evaluated(checks.images_decode, run_context, table).passed
    manifest = table.with_columns(subfolder=pl.lit("0"))
    write_release(Content(manifest, ("",), lambda _: [], ()), home, Silent())
    assert evaluated(checks.release_matches_manifest, run_context).passed
    image = home.image(PosterName.parse(ONE))
    image.write_bytes(image.read_bytes()[:-200] + bytes(200))
    assert ONE in str(evaluated(checks.images_decode, run_context, table).description)
    assert f"0/{ONE}: changed" in str(evaluated(checks.release_matches_manifest, run_context).description)
