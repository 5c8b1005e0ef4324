"""lap-tiny: the small models that this project trained and ships. MODEL_CARD.md describes their limits."""
