"""Darknet: cfg files of networks, the torch module, the weights file, and decoding the outputs.

Belongs here: everything that Darknet defines. Thresholds, suppression and picture sizes belong to the detectors.
"""
