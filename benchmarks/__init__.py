"""Measurements: what LAP costs and how good it is, on inputs made here. Not part of the package; nothing uses this."""
