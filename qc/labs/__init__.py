"""What one can do with a lab, a file for each part of the way."""
