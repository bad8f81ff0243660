"""Links: what ties a run to other runs and to what people have decided."""
