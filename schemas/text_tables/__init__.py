"""Tables as files write them: rows of text cells with their lines, and what a number looks like in them."""
