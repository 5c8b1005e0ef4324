"""A site is one entry and one module: both together create its assets, pool, queue, schedules and due work."""

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from PIL import Image

from lap_assets import queues
from lap_assets.automation.condition import on_request
from lap_assets.automation.schedules import schedules
from lap_assets.core import sites
from lap_assets.core.names import PosterName, mal_id_of
from lap_assets.definitions import build_definitions
from lap_assets.posters.due import catalog_due, due_pages
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.specs import spec_of
from tests.sites import toy_site

NAME = "MAL00005_TOY00005_164.jpg"


@pytest.fixture
def _entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "SITES", (*sites.SITES, toy_site.ENTRY))


@pytest.fixture
def run_context(tmp_path: Path) -> Iterator[RunContext]:
    picture = io.BytesIO()
    Image.effect_noise((60, 80), 90).save(picture, "JPEG")
    bodies = {"/toy/list": b"5 1200", "/toy/posters/5": b"164", "/toy/images/5/164.jpg": picture.getvalue()}

    class ToyHandler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), ToyHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield RunContext(Settings(home=tmp_path / "home", sites_url=f"http://127.0.0.1:{server.server_port}", pause="0"))
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("_entry")
def test_its_posters_have_names_of_their_own() -> None:
    name = PosterName.parse(NAME)
    assert (name.source, name.mal_id, name.subfolder, str(name)) == ("toy", 5, "0", NAME)
    assert name.url == "https://toy.example/posters/5"


@pytest.mark.parametrize("read", [PosterName.parse, mal_id_of])
def test_without_the_entry_its_names_are_not_posters(read: Callable[[str], object]) -> None:
    with pytest.MonkeyPatch.context() as registry:
        registry.setattr(sites, "SITES", (*sites.SITES, toy_site.ENTRY))
        assert read(NAME)
    with pytest.raises(ValueError, match="not a poster's name"):
        read(NAME)


@pytest.mark.usefixtures("_entry")
def test_its_assets_checks_queue_and_schedules_exist(run_context: RunContext) -> None:
    graph = build_definitions(run_context).get_repository_def().asset_graph

    def parents(asset: str) -> set[str]:
        return {key.to_user_string() for key in graph.get(dg.AssetKey(asset)).parent_keys}

    assert parents("toy_posters") == {"toy_catalog"}
    assert "toy_posters" in parents("image_hashes") & parents("vit_embeddings") & parents("lap_dataset")
    assert graph.get(dg.AssetKey("toy_posters")).pools == graph.get(dg.AssetKey("toy_catalog")).pools == {"toy"}
    assert "toy_posters_names_fit" in {key.name for key in graph.asset_check_keys}
    assert "toy" in queues.site_queues()
    assert "toy_catalog" in on_request()
    jobs: list[Any] = [schedule.target.resolvable_to_job for schedule in schedules()]
    catalogs, *posters = [job.selection.resolve(graph) for job in jobs]
    assert dg.AssetKey("toy_catalog") in catalogs
    assert all(dg.AssetKey("toy_posters") in targets for targets in posters)


@pytest.mark.usefixtures("_entry")
def test_it_is_scraped_when_due(run_context: RunContext) -> None:
    spec, definitions = spec_of("toy"), build_definitions(run_context)
    assert catalog_due(spec, run_context) == "the list is due"
    job = definitions.resolve_implicit_global_asset_job_def()
    instance = dg.DagsterInstance.ephemeral()

    assert job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey("toy_catalog")]).success
    catalog = pl.read_parquet(run_context.home.tables / "toy_catalog.parquet")
    assert catalog_due(spec, run_context) is None
    assert [due_pages(spec, key, catalog, run_context) for key in ("0", "1", "2")] == [1, 1, 0]

    chosen = [dg.AssetKey("toy_posters")]
    assert job.execute_in_process(instance=instance, asset_selection=chosen, partition_key="0").success
    table = pl.read_parquet(run_context.home.tables / "toy_posters" / "0.parquet")
    assert table.select("name", "mal_id", "source", "subfolder").rows() == [(NAME, 5, "toy", "0")]
    assert run_context.home.poster_path("0", NAME).exists()
    assert due_pages(spec, "0", catalog, run_context) == 0
