"""Measurements: what LAP's own parts cost beside other tools, on inputs made here. Nothing else uses this."""
