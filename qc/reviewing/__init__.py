"""What a reviewer sees of an item: no subject, no visit, no sample code."""
