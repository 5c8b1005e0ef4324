"""Detectors: hysts' for faces, grapeot's for heads; each gives what the original gave.

Belongs here: making a picture ready as each wants it, thresholds, suppression. The networks are Darknet's (the room
beside this one) and torchvision's; weight files are `lap_assets.models`' own matter.
"""
