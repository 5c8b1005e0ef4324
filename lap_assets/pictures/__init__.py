"""What is done to the pixels of a kept poster: downscale, recompress, upscale. No choice of which posters to keep."""
