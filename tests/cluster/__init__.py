"""The graph on a real cluster of processes on this machine: `make test-cluster`. Takes minutes; not in `make test`."""
