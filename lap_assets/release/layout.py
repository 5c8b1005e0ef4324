"""What the files at the top of a release are called, and the number of their layout."""

from typing import Final

# Raised whenever a release's files change for the same content: all releases turn stale.
FORMAT: Final = "2"
MANIFEST, REMOVED, SUMS, ABOUT = "manifest.csv", "removed.csv", "SHA256SUMS", "release.json"
CARD, CROISSANT, PROVENANCE, CHANGES = "README.md", "croissant.json", "provenance.json", "CHANGES.md"
