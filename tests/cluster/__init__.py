"""The graph on a cluster, for real, on this machine: `make test-cluster`. Not part of `make test`: it takes minutes."""
