"""Parts shared by the three tools: decoding, the viewport, keys, undo, thumbnails, windows. No tool-specific rules."""
