"""Scatter of replicates and of nested designs."""
