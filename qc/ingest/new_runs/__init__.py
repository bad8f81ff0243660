"""Run sheets and plate maps drawn up from what an export and a kit say, for a person to fill in the rest."""
