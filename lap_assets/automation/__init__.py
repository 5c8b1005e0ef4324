"""What runs by itself, once somebody turns it on: a condition, sensors, schedules, and the job `refresh_stale`.

Belongs here: when something is asked for. What is out of date is decided in `engine`, what is due in `posters` and
`sites`. Everything is off by default.
"""
