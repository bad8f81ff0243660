"""Rules on units, plausibility and reportable range."""
