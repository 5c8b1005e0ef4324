"""The asset functions, a file for each group of the graph.

Each fetches its inputs, calls the domain, and returns the result with its data version and metadata. What does not
belong here: parsing, requests, pixels, rules.
"""
