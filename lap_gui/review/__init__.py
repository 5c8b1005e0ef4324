"""What Comparer and Explorer share without Tk: lists, pictures' facts, where verdicts go, undo. Pillow alone."""
