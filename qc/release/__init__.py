"""Release: the gate, frozen data with their manifest, and the gated tests."""
