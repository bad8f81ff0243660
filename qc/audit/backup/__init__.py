"""Backups of a lab, and the way back."""
