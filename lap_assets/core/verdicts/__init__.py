"""People's decisions about duplicates: lines of a log, files of lines, and what the lines mean for posters."""
