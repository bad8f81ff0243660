"""Judge again from what came in, and compare with what is stored."""
