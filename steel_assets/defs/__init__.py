"""The graph: one module for each group of assets, each beside its checks."""
