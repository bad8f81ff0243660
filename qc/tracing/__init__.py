"""Tracing: what stands on what, from the bytes of a file to a p-value."""
