"""Pairs of which a value is only a bound."""
