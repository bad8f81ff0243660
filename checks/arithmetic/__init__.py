"""Numbers only: the statistics of quality, each with its source."""
