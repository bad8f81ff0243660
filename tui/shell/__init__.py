"""What every screen stands in: the way of an act, who acts, the commands, and the frame of a screen."""
