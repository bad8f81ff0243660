"""Rules on control materials."""
