"""What goes into a release."""
