"""LAP: anime posters from two sites, turned into a clean, labeled dataset by a graph of Dagster assets.

The rooms: `sites`, `posters`, `duplicates`, `images`, `models`, `labels` hold the domain and know no Dagster;
`assets` and the modules beside it wire the domain into the graph; `replica` imitates both sites; `cli` is `lap`.
"""
