"""The Dagster UI of a home, as `lap ui` serves it: a guard before Dagster's web server, its code server, its daemon.

Belongs here: processes and requests. What the UI shows is in `assets` and `automation`.
"""
