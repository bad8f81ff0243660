"""Cards: what to look at, what to do and what to write down when a rule speaks."""
