"""The Comparer: pairs of posters, one after the other, and what a person says of each. Pillow and Tk alone."""
