"""Rules on results that must agree with each other."""
