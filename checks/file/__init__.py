"""Rules that judge the file that a run came in: whether it is as its instrument wrote it."""
