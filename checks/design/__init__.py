"""Rules on the design of a study: what must share a plate, a platform and a lot."""
