"""Pictures made of character cells: grid, colours, axes and one file for each kind of picture."""
