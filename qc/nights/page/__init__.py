"""The page of a night: one file that opens offline, with JSON and JUnit XML beside it, and an index over the nights."""
