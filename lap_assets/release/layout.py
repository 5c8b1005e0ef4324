"""What the files at the top of a release are called, and the number of their layout."""

from typing import Final

# Raised whenever the data files of a release change for the same content: all releases turn stale. (Words of its
# README and CHANGES are not data.)
FORMAT: Final = "6"
MANIFEST, REMOVED, SUMS, ABOUT = "manifest.csv", "removed.csv", "SHA256SUMS", "release.json"
CARD, CROISSANT, PROVENANCE, CHANGES = "README.md", "croissant.json", "provenance.json", "CHANGES.md"
CITATION: Final = "CITATION.cff"
