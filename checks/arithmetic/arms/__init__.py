"""Two arms: changes of one group against those of another."""
