"""Text and workbooks as sheets of cells, before anybody knows what they mean."""
