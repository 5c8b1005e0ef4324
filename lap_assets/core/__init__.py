"""The base of all other packages. It imports only the standard library, so that review tools need little else.

Belongs here: names and subfolders, the home's paths, atomic files, locks, errors, progress, the verdict log and the
rules for what verdicts mean, label files, the box. Not here: anything that needs a third-party package.
"""
