"""Embedders, a file each: what makes a vector of a picture. Which vectors are near each other is not their matter."""
