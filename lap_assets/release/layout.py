"""The names of a release's top-level files, and the number of the layout."""

from typing import Final

# Increased when the data files of a release change for the same content, which makes all releases stale. (The texts of
# README and CHANGES are not data.)
FORMAT: Final = "6"
MANIFEST, REMOVED, SUMS, ABOUT = "manifest.csv", "removed.csv", "SHA256SUMS", "release.json"
CARD, CROISSANT, PROVENANCE, CHANGES = "README.md", "croissant.json", "provenance.json", "CHANGES.md"
CITATION: Final = "CITATION.cff"
