"""Upscalers, a file each: a picture at exactly twice its size. Which pictures are enlarged is decided elsewhere."""
