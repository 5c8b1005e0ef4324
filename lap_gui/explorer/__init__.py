"""The Explorer: all posters of one anime at a time, and marks on those to remove. Pillow and Tk alone."""
