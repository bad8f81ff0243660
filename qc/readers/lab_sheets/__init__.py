"""The rows of the sheets that a laboratory writes itself."""
