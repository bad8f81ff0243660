"""Trials: one calculation on the text of one table, as ``qc try`` prints it. Pure: text in, numbers out."""
