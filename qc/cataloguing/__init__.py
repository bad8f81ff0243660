"""The catalogue of a lab: its files laid over the shipped ones, checked and shown."""
