"""Rules on replicate wells."""
