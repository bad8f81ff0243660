"""Trace: from a p-value down to the wells, and from a well up to the p-values."""
