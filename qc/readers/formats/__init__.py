"""One file per format of an export."""
