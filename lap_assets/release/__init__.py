"""Releases: immutable folders with the cleaned images and where each came from. No decisions about posters here."""
