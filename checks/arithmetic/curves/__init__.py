"""Logistic curves: fit, optimum and inverse."""
