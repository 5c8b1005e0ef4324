"""Posters as they came: their names, their place in the store, their manifests. No network, no pixels changed."""
