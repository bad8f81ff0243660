"""Assess: from stored runs to judged ones."""
