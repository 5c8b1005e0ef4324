"""lap-tiny: small models trained and shipped by this project. MODEL_CARD.md describes their limits."""
