"""What the tables of a file say against themselves: cells out of place, changed, shifted or swapped."""
