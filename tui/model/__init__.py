"""What the screens know of a lab, and the threads that ask for it."""
