"""Boxes on images: their tables, how good they are, how they look drawn. No models, no Dagster."""
