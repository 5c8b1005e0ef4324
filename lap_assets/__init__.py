"""LAP: anime posters from two sites, turned into a clean, labeled dataset by a graph of Dagster assets.

`core` needs only the standard library; `sites`, `posters`, `pictures`, `duplicates`, `models`, `labels`, `training` and
`release` hold the domain and do not import Dagster; `assets` and the modules beside it wire the domain into the graph;
`replica` imitates both sites; `cli` is the command `lap`. docs/architecture.md has the overview.
"""

from typing import Final

__version__: Final = "0.2.0"
"""The version, defined only here: pyproject.toml, `lap --version` and the User-Agent read it."""
