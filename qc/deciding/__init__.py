"""Deciding: what a person says of an item, its undoing, and what a rejection would cost."""
