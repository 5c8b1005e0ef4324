"""File names of posters, at the import path that other programs use; the code is in `lap_assets.core.names`."""

from lap_assets.core.names import PosterName

__all__ = ["PosterName"]
