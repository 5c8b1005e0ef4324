"""Detectors: hysts' for faces, grapeot's for heads, with the same results as the originals.

Belongs here: preparing pictures for each model, thresholds, suppression. The networks come from
`lap_assets.models.darknet` and torchvision; weights files are handled in `lap_assets.models`.
"""
