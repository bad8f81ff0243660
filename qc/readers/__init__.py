"""Readers: one file per format; a reader names what it recognises and never guesses."""
