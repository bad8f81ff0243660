"""Notices: whom to tell of what, by the rules of qc.toml, and never a word about a patient."""
