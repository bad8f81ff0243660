"""Decide: what a person says of an item, its undoing, what a rejection costs, and looks behind the blind."""
