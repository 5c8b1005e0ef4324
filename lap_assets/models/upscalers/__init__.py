"""Upscalers, one per file, which enlarge a picture to exactly twice its size. `pictures.recipe` chooses pictures."""
