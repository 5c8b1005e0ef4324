"""Procedural pictures of great variety, for an embedder that shall know pictures it never saw. No training here."""
