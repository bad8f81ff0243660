"""Several visits of the same subjects."""
