"""Measurements of LAP's speed and quality on generated inputs. Not part of the package; nothing imports it."""
