"""Controls: earlier results of a lot, targets that rest on them, and what counts towards none."""
