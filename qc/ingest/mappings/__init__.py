"""Mappings of foreign tables: which one fits a file, what one would say of a file that none fits, and writing it."""
