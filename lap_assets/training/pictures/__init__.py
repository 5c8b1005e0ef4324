"""Highly varied procedural pictures, so that an embedder generalizes to unseen pictures. No training here."""
