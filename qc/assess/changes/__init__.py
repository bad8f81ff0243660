"""What has changed since a run was judged: one table of fingerprints, and one question to it."""
