"""Trials: one file for each calculation of ``qc try``."""
