"""Embedders, one per file: they turn a picture into a vector. Comparing vectors does not belong here."""
