"""Generator of the SYNTHETIC study and of the faulty runs: seeded, and identical byte for byte each time."""
