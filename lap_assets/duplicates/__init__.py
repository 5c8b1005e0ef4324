"""Near-duplicates: hashes, pair search, rules, people's verdicts, resolution, candidate lists. No files but verdicts, no Dagster."""
