"""One small SYNTHETIC delivery for each kind of fault, with what must be said about it."""
