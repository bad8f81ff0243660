"""Rules on whose result this is."""
