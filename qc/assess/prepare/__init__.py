"""Prepare: what can be worked out of a run and its sheets before anything earlier is known."""
