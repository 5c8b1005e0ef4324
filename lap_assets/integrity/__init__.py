"""Checking that a home still holds everything that was written to it, and restoring what it lacks."""
