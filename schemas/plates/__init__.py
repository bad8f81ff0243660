"""Plates as files show them: wells, grids of signals, what a map and an export say of the same well."""
