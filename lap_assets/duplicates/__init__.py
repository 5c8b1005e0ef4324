"""Near-duplicates: hashes, pair search, rules, people's verdicts, resolution, candidate lists.

No Dagster here, and no files but image files that are hashed, verdict logs and candidate lists.
"""
