"""The tables of Assaygate as pandera models: what a well-formed table is."""
