"""Parts that Comparer and Explorer share without Tk: lists, image facts, verdict logs, undo. Pillow only."""
