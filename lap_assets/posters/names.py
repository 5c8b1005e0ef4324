"""File names of posters, under the name that other programs import; `lap_assets.core.names` holds the code."""

from lap_assets.core.names import PosterName

__all__ = ["PosterName"]
