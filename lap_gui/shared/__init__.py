"""What the three tools share: decoding ahead, the viewport, keys, undo, thumbnails, windows. No tool's own rules."""
