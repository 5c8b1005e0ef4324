"""What everything else stands on, with the standard library alone: a reviewer's machine needs no more than this.

Belongs here: names and subfolders, the home's paths, atomic files, locks, errors, progress, the verdict log and the
rules for what verdicts mean, label files, the box. Not here: anything that needs a package.
"""
