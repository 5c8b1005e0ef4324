"""Automation that people turn on: a condition, sensors, schedules, and the job `refresh_stale`.

Belongs here: when runs are requested. `engine` decides what is out of date, `posters` and `sites` what is due.
Everything that starts runs is off by default.
"""
