"""Detectors: hysts' for faces, grapeot's for heads; each returns what the original did.

Belongs here: preparing a picture as each model expects it, thresholds, suppression. The networks are Darknet's
(the room beside this one) and torchvision's; weights files are handled in `lap_assets.models`.
"""
