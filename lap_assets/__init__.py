"""LAP: anime posters from two sites, turned into a clean, labeled dataset by a graph of Dagster assets.

`core` stands on the standard library alone; `sites`, `posters`, `pictures`, `duplicates`, `models`, `labels`,
`training` and `release` hold the domain and know no Dagster; `assets` and the modules beside it wire the domain into
the graph; `replica` imitates both sites; `cli` is `lap`. docs/architecture.md shows all of it on one screen.
"""

from typing import Final

__version__: Final = "0.2.0"
"""The only place that holds the version: pyproject.toml, `lap --version` and the User-Agent read it."""
