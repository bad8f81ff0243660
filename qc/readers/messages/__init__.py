"""Messages of analysers and laboratory systems: their segments and records, what holds them together, what they say."""
