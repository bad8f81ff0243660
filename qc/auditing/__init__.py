"""Auditing: reading the trail, what auditors look for, anchors, and proof that everything is as it was."""
