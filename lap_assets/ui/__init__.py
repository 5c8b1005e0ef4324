"""The processes behind `lap ui`: Dagster's web server with a guard in front of it, the code server, the daemon.

Belongs here: processes and requests. The content of the UI is in `assets` and `automation`.
"""
