"""Two methods on the same samples."""
