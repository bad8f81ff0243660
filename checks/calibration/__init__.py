"""Rules on standard curves."""
