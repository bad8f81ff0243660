"""Contrasts in words: numbers as journals print them, the table for a terminal, the methods, and the cautions."""
