"""The asset functions, one module per group of the graph.

Each fetches its inputs, calls the domain, and returns the result with its data version and metadata. Parsing,
requests, pixels and rules do not belong here.
"""

import warnings

import dagster as dg

# Data versions and partitioned checks are beta features; constraints.txt pins the version they were tested with.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
