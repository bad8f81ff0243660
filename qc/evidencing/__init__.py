"""Evidence: a run or a release with everything that proves it, to be verified on another machine."""
