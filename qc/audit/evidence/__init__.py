"""Evidence: a run or a release with everything that proves it, and the check of such a pack."""
