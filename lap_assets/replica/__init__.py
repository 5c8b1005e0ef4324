"""A local replica of both sites, to try and test everything without touching them.

Only the command line and the tests use it. `procedural` and `lists` make a catalog, `serving` serves it.
"""
