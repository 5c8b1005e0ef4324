"""People's verdicts on duplicates: lines of a log, files of lines, and their meaning for posters."""
