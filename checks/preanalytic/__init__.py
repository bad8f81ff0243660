"""Rules on how a sample was taken and kept."""
