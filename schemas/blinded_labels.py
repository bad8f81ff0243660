"""Columns whose cells would unblind: they are told by name, by line or by pseudonym, and never by what they hold."""

LABELS = ("sample", "subject", "visit", "arm")
"""Columns of sheets that name who was measured, when, and in which arm."""
