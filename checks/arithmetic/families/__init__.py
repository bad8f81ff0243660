"""Families of p-values."""
