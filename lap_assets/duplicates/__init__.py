"""Near-duplicates: hashes, pair search, rules, people's verdicts, resolution, candidate lists.

No Dagster here. The only files are the images to hash, verdict logs and candidate lists.
"""
