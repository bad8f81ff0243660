"""Standard curves: accepted levels, fits over plates and analytes, and the concentrations that are read from them."""
