"""Corrections: what deliveries would change of rows that have results, until a person accepts or refuses it."""
