"""Rows and lines of words, as the screens write what the core tells."""
