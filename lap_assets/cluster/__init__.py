"""The graph on several machines: Dagster's runs and steps as Celery tasks, by queue.

Not here: the work of assets, and anything that a single machine needs as well.
"""
