"""Releases: immutable folders with the cleaned images and their provenance. No decisions about posters here."""
