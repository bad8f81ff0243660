"""Rules on the layout and the raw signals of plates."""
