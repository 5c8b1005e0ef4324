"""Training lap-tiny: procedural pictures, augmentations, the training loops. Only `cli.py` uses it."""
