"""The `SiteSpec`s of all sites, loaded from the modules that `lap_assets.core.sites` names."""

from functools import cache
from importlib import import_module

from lap_assets.core.sites import site_entry, sites
from lap_assets.sites.spec import SiteSpec


def site_specs() -> tuple[SiteSpec, ...]:
    """Return the specs of all sites, in the order of `lap_assets.core.sites`."""
    return tuple(_load(entry.module) for entry in sites())


def spec_of(key: str) -> SiteSpec:
    """Return the spec of the site with this key.

    Raises:
        KeyError: no site has the key.
    """
    return _load(site_entry(key).module)


@cache
def _load(module: str) -> SiteSpec:
    spec = import_module(module).SPEC
    if not isinstance(spec, SiteSpec):
        raise TypeError(f"{module}.SPEC is {type(spec).__name__}, expected SiteSpec")
    return spec
