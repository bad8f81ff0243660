"""The catalogue of a lab: its own files over the shipped ones, looked over and shown."""
