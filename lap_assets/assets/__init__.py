"""The asset functions, a file for each group of the graph.

Each fetches its inputs, calls the domain, and returns the result with its data version and metadata. What does not
belong here: parsing, requests, pixels, rules.
"""

import warnings

import dagster as dg

# Data versions and checks by partition are marked as beta; constraints.txt pins the version they were tried with.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
