"""A local replica of both sites, to try and test everything without touching them.

Only the command line, training and the tests use it. `procedural` and `lists` create a catalog, `serving` serves it.
"""
