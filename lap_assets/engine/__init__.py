"""Running the graph from the command line: what is missing or stale, in which order, in which process.

Everything runs through Dagster, so that the UI shows the same runs. The work of the assets is elsewhere.
"""
