"""The Explorer: all posters of one anime at a time, and marks on those that are to go. Pillow and Tk alone."""
