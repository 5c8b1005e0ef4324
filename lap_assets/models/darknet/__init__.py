"""Darknet: networks written as a cfg file, their module, their weights file, what their heads mean.

Belongs here: what Darknet itself defines. Thresholds, suppression and picture sizes belong to the detectors.
"""
