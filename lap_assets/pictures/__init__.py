"""Pictures: opening them, and cleaning kept posters (downscale, recompress, upscale). No decisions about posters."""
