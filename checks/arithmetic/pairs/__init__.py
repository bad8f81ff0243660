"""Two measurements of one subject: tests, shifts and effects."""
