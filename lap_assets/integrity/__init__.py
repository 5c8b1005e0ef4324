"""Whether a home still holds what was put into it, and putting back exactly what it does not."""
