"""The Comparer: shows pairs of posters, one at a time, and records a person's verdicts. Pillow and Tk only."""
