"""The vocabulary: analytes, units, samples, runs, findings and the table models.

Imports nothing of ours; every other floor speaks in these words.
"""
