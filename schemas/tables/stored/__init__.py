"""The tables of the facts as table models: what a well-formed stored row is."""
