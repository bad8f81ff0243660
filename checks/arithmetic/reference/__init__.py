"""Reference limits."""
