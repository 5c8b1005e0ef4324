"""The Explorer: shows all posters of one anime at a time, and marks those to remove. Pillow and Tk only."""
