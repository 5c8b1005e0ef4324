"""The graph on several machines: Dagster's runs and steps as Celery tasks, by queue. `queues` alone needs no Celery.

What does not belong here: an asset's work, and anything that one machine needs too.
"""
