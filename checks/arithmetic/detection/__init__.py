"""Detection and quantitation: limits of blank, detection and quantitation, as EP17 has them."""
