"""Uncertainty of measurement: from controls to a budget, and from a budget to the p-value."""
