"""Releases against each other: what has changed between two of them, and the sentences that say it."""
