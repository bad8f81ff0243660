"""Plates, maps and wells."""
