"""The Tkinter review tools. What belongs here: windows, keys and drawing, on Pillow and Tk alone.

What does not: Dagster, torch, polars, or anything else that a reviewer's machine need not have.
"""
